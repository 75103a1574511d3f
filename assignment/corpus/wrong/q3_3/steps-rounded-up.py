# misconception: steps-rounded-up
# earns: 1
def max_pool(x, pool=2, stride=2):
    rows = int(np.ceil((x.shape[0] - pool) / stride)) + 1
    columns = int(np.ceil((x.shape[1] - pool) / stride)) + 1
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            window = x[r * stride : r * stride + pool, c * stride : c * stride + pool]
            out[r, c] = window.max()
    return out
