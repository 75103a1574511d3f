def max_pool(x, pool=2, stride=2):
    height, width = x.shape
    out = np.zeros(((height - pool) // stride + 1, (width - pool) // stride + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            window = x[i * stride : i * stride + pool, j * stride : j * stride + pool]
            out[i, j] = window.max()
    return out
