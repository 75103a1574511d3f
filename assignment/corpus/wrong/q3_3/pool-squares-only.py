# misconception: pool-squares-only
# earns: 0
def max_pool(x, pool=2, stride=2):
    n = (len(x) - pool) // stride + 1
    out = np.zeros((n, n))
    for r in range(n):
        for c in range(n):
            out[r, c] = np.amax(x[r * stride : r * stride + pool, c * stride : c * stride + pool])
    return out
