# misconception: cut-into-blocks
# earns: 1
def max_pool(x, pool=2, stride=2):
    h, w = x.shape
    return x.reshape(h // pool, pool, w // pool, pool).max(3).max(1)
