# misconception: pool-is-ignored
# earns: 3
def max_pool(x, pool=2, stride=2):
    rows, columns = len(x) // stride, len(x[0]) // stride
    out = np.empty((rows, columns))
    for r, c in np.ndindex(rows, columns):
        out[r, c] = x[r * stride : (r + 1) * stride, c * stride : (c + 1) * stride].max()
    return out
