# misconception: stride-is-ignored
# earns: 3
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    h, w = x.shape[0] // pool, x.shape[1] // pool
    x = x[:h * pool, :w * pool]
    return x.reshape(h, pool, w, pool).max(axis=(1, 3))


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
