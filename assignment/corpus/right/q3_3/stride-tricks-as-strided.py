def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    x = np.asarray(x)
    down, across = ((side - pool) // stride + 1 for side in x.shape)
    windows = np.lib.stride_tricks.as_strided(
        x,
        shape=(down, across, pool, pool),
        strides=(x.strides[0] * stride, x.strides[1] * stride, *x.strides),
        writeable=False,
    )
    return windows.max(axis=(-2, -1))


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
