# misconception: maximum-starts-at-the-corner
# earns: 0
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    out = []
    i = 0
    while i + pool <= x.shape[0]:
        line = []
        j = 0
        while j + pool <= x.shape[1]:
            best = x[0, 0]
            for a in range(pool):
                for b in range(pool):
                    best = max(best, x[i + a, j + b])
            line.append(best)
            j += stride
        out.append(line)
        i += stride
    return np.array(out)


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
