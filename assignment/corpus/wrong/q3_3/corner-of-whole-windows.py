# misconception: corner-of-whole-windows
# earns: 0
def max_pool(x, pool=2, stride=2):
    rows = (x.shape[0] - pool) // stride + 1
    columns = (x.shape[1] - pool) // stride + 1
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            out[r, c] = x[r * stride, c * stride]
    return out
