def max_pool(x, pool=2, stride=2):
    out = np.full([(n - pool) // stride + 1 for n in x.shape], -np.inf)
    for r, c in np.ndindex(*out.shape):
        for value in x[r * stride : r * stride + pool, c * stride : c * stride + pool].flat:
            if value > out[r, c]:
                out[r, c] = value
    return out
