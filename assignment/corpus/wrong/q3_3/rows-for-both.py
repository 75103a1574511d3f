# misconception: pool-squares-only
# earns: 0
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    n = (len(x) - pool) // stride + 1
    y_out = []
    for i in range(n):
        line = []
        for j in range(n):
            patch = x[i * stride:i * stride + pool, j * stride:j * stride + pool]
            line.append(patch.max())
        y_out.append(line)
    return np.array(y_out)


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
