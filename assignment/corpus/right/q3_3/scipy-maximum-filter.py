from scipy.ndimage import maximum_filter


def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    # move the window's origin to its top left cell, then keep the windows that fit
    running = maximum_filter(x, size=pool, origin=-(pool // 2))
    return running[: x.shape[0] - pool + 1 : stride, : x.shape[1] - pool + 1 : stride]


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
