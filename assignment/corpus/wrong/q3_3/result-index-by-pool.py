# misconception: place-counted-in-windows
# earns: 3
def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    H, W = x.shape
    result = np.full(((H - pool) // stride + 1, (W - pool) // stride + 1), -np.inf)
    for i in range(0, H - pool + 1, stride):
        for j in range(0, W - pool + 1, stride):
            result[i // pool, j // pool] = x[i:i + pool, j:j + pool].max()
    return result


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
