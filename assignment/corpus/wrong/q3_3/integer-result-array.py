# misconception: decimals-cut-off
# earns: 0
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    h = (x.shape[0] - pool) // stride + 1
    w = (x.shape[1] - pool) // stride + 1
    out = np.zeros((h, w), dtype=int)
    for i in range(h):
        for j in range(w):
            top, left = i * stride, j * stride
            out[i, j] = x[top:top + pool, left:left + pool].max()
    return out


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
