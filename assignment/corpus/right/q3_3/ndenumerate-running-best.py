def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    shape = tuple(1 + (np.array(x.shape) - pool) // stride)
    best = np.full(shape, -np.inf)
    for (i, j), _ in np.ndenumerate(best):
        top, left = i * stride, j * stride
        for value in x[top : top + pool, left : left + pool].flat:
            if value > best[i, j]:
                best[i, j] = value
    return best


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
