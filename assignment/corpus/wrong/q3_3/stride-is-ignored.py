# misconception: stride-is-ignored
# earns: 3
def max_pool(x, pool=2, stride=2):
    rows, columns = x.shape[0] // pool, x.shape[1] // pool
    x = x[: rows * pool, : columns * pool]
    return x.reshape(rows, pool, columns, pool).max(axis=(1, 3))
