# misconception: partial-windows-kept
# earns: 1
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    return np.array([
        [x[i:i + pool, j:j + pool].max() for j in range(0, x.shape[1], stride)]
        for i in range(0, x.shape[0], stride)
    ])


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
