# misconception: windows-start-by-pool
# earns: 3
def max_pool(x, pool=2, stride=2):
    rows = (x.shape[0] - pool) // stride + 1
    columns = (x.shape[1] - pool) // stride + 1
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            window = x[r * pool : (r + 1) * pool, c * pool : (c + 1) * pool]
            out[r, c] = window.max()
    return out
