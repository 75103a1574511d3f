# misconception: pooled-along-columns-only
# earns: 0
def max_pool(x, pool=2, stride=2):
    rows = (x.shape[0] - pool) // stride + 1
    return np.stack([x[r * stride : r * stride + pool].max(axis=0) for r in range(rows)])
