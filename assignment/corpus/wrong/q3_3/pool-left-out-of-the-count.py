# misconception: pool-left-out-of-the-count
# earns: 3
def max_pool(x, pool=2, stride=2):
    rows = x.shape[0] // stride
    columns = x.shape[1] // stride
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            window = x[r * stride : r * stride + pool, c * stride : c * stride + pool]
            out[r, c] = window.max()
    return out
