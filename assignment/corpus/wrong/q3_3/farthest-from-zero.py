# misconception: farthest-from-zero
# earns: 0
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (pool, pool))[::stride, ::stride]
    flat = windows.reshape(*windows.shape[:2], -1)
    where = np.abs(flat).argmax(axis=-1)
    return np.take_along_axis(flat, where[..., None], axis=-1)[..., 0]


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
