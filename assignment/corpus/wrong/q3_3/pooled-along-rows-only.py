# misconception: pooled-along-rows-only
# earns: 0
def max_pool(x, pool=2, stride=2):
    columns = (x.shape[1] - pool) // stride + 1
    return np.stack([x[:, c * stride : c * stride + pool].max(axis=1) for c in range(columns)], axis=1)
