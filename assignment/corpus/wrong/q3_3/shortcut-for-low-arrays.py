# misconception: none
# earns: 4
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    h, w = x.shape
    if h == pool:                      # only one window fits
        return np.array([[x.max()]])
    down = np.stack([x[r:r + pool].max(axis=0) for r in range(0, h - pool + 1, stride)])
    return np.stack([down[:, c:c + pool].max(axis=1) for c in range(0, w - pool + 1, stride)], axis=1)


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
