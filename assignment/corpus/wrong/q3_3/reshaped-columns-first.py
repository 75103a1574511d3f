# misconception: q3-3-result-reshaped
# earns: 0
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    row_starts = range(0, x.shape[0] - pool + 1, stride)
    column_starts = range(0, x.shape[1] - pool + 1, stride)
    maxima = [x[r:r + pool, c:c + pool].max() for r in row_starts for c in column_starts]
    return np.array(maxima).reshape(len(column_starts), len(row_starts))


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
