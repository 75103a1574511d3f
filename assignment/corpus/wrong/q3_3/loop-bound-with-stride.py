# misconception: pool-left-out-of-the-count
# earns: 3
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    height, width = x.shape
    return np.array([
        [x[r:r + pool, c:c + pool].max() for c in range(0, width - stride + 1, stride)]
        for r in range(0, height - stride + 1, stride)
    ])


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
