# misconception: pool-moves-by-one
# earns: 0
def max_pool(x, pool=2, stride=2):
    return np.lib.stride_tricks.sliding_window_view(x, (pool, pool)).max(axis=(2, 3))
