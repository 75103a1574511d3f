# misconception: array-written-into
# earns: 0
def max_pool(x, pool=2, stride=2):
    x.sort(axis=0)
    return np.array([[x[r : r + pool, c : c + pool].max() for c in range(0, x.shape[1] - pool + 1, stride)] for r in range(0, x.shape[0] - pool + 1, stride)])
