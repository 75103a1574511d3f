# misconception: q3-3-window-stride-for-pool
# earns: 3
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    out_shape = tuple((n - pool) // stride + 1 for n in x.shape)
    out = np.empty(out_shape, dtype=x.dtype)
    for i, j in np.ndindex(out_shape):
        window = x[i * stride:(i + 1) * stride, j * stride:(j + 1) * stride]
        out[i, j] = np.max(window)
    return out


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
