# misconception: maximum-starts-too-high
# earns: 2
def max_pool(x, pool=2, stride=2):
    rows = (x.shape[0] - pool) // stride + 1
    columns = (x.shape[1] - pool) // stride + 1
    out = np.full((rows, columns), -1.0)
    for r in range(rows):
        for c in range(columns):
            for value in x[r * stride : r * stride + pool, c * stride : c * stride + pool].ravel():
                out[r, c] = max(out[r, c], value)
    return out
