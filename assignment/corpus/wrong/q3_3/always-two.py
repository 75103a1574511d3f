# misconception: always-two
# earns: 0
def max_pool(x, pool=2, stride=2):
    rows, columns = len(x) // 2, len(x[0]) // 2
    return np.array([[max(x[2 * r, 2 * c], x[2 * r, 2 * c + 1], x[2 * r + 1, 2 * c], x[2 * r + 1, 2 * c + 1]) for c in range(columns)] for r in range(rows)])
