def max_pool(x, pool=2, stride=2):
    x = np.ascontiguousarray(x)
    down, right = x.strides
    rows = (x.shape[0] - pool) // stride + 1
    columns = (x.shape[1] - pool) // stride + 1
    windows = np.lib.stride_tricks.as_strided(
        x, (rows, columns, pool, pool), (down * stride, right * stride, down, right), writeable=False
    )
    return windows.max(axis=(2, 3))
