# misconception: negative-numbers-lost
# earns: 2
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    rows = (x.shape[0] - pool) // stride + 1
    cols = (x.shape[1] - pool) // stride + 1
    result = np.zeros((rows, cols))
    for r in range(rows):
        for c in range(cols):
            biggest = 0
            for i in range(pool):
                for j in range(pool):
                    value = x[r * stride + i, c * stride + j]
                    if value > biggest:
                        biggest = value
            result[r, c] = biggest
    return result


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
