# misconception: array-written-into
# earns: 3
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    h = (x.shape[0] - pool) // stride + 1
    w = (x.shape[1] - pool) // stride + 1

    def shifted(down, right):
        return x[down:down + (h - 1) * stride + 1:stride, right:right + (w - 1) * stride + 1:stride]

    best = shifted(0, 0)
    for down in range(pool):
        for right in range(pool):
            np.maximum(best, shifted(down, right), out=best)
    return best


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
