# misconception: q3-3-window-stride-for-pool
# earns: 3
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    out_h = (x.shape[0] - pool) // stride + 1
    out_w = (x.shape[1] - pool) // stride + 1
    out = np.empty((out_h, out_w), dtype=x.dtype)
    for r in range(out_h):
        for c in range(out_w):
            window = x[r * stride:(r + 1) * stride, c * stride:(c + 1) * stride]
            out[r, c] = window.max()
    return out


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
