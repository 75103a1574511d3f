# misconception: pooled-to-a-single-number
# earns: 0
def max_pool(x, pool=2, stride=2):
    return np.max(x)
