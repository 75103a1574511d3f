def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    layer = layers.MaxPooling2D(pool_size=pool, strides=stride, dtype="float64")
    return layer(np.asarray(x, dtype="float64")[None, ..., None])[0, ..., 0]


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
