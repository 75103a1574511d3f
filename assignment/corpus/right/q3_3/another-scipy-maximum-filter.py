from scipy import ndimage


def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    # the filter's window is centred; the origin shifts it so that it starts at its cell
    everywhere = ndimage.maximum_filter(np.asarray(x), size=pool, origin=-(pool // 2), mode="nearest")
    rows, columns = (side - pool + 1 for side in np.shape(x))
    return everywhere[:rows:stride, :columns:stride]


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
