# misconception: edges-padded-with-zeros
# earns: 1
def max_pool(x, pool=2, stride=2):
    rows, columns = -(-(x.shape[0] - pool) // stride) + 1, -(-(x.shape[1] - pool) // stride) + 1
    big = np.zeros(((rows - 1) * stride + pool, (columns - 1) * stride + pool))
    big[: x.shape[0], : x.shape[1]] = x
    views = np.lib.stride_tricks.sliding_window_view(big, (pool, pool))[::stride, ::stride]
    return views.max(axis=(2, 3))
