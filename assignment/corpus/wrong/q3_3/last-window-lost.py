# misconception: q3-3-count-last-not-added
# earns: 0
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    n_rows, n_cols = x.shape
    rows = []
    for top in range(0, n_rows - pool, stride):
        row = []
        for left in range(0, n_cols - pool, stride):
            row.append(np.max(x[top:top + pool, left:left + pool]))
        rows.append(row)
    return np.array(rows)


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
