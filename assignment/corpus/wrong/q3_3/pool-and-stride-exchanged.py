# misconception: pool-and-stride-exchanged
# earns: 3
def max_pool(x, pool=2, stride=2):
    views = np.lib.stride_tricks.sliding_window_view(x, (stride, stride))[::pool, ::pool]
    return views.max(axis=(2, 3))
