def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""

    def along_rows(table):
        return [[max(row[j : j + pool]) for j in range(0, len(row) - pool + 1, stride)] for row in table]

    def turned(table):
        return [list(column) for column in zip(*table)]

    # the maximum of a square is the maximum of the maxima of its rows
    return np.array(turned(along_rows(turned(along_rows(np.asarray(x).tolist())))))


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
