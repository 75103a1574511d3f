# misconception: edges-padded-with-zeros
# earns: 1
def max_pool(x, pool=2, stride=2):
    while (x.shape[0] - pool) % stride:
        x = np.vstack([x, np.zeros((1, x.shape[1]))])
    while (x.shape[1] - pool) % stride:
        x = np.hstack([x, np.zeros((x.shape[0], 1))])
    rows = (x.shape[0] - pool) // stride + 1
    columns = (x.shape[1] - pool) // stride + 1
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            window = x[r * stride : r * stride + pool, c * stride : c * stride + pool]
            out[r, c] = window.max()
    return out
