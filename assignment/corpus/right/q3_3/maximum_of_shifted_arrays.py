from functools import reduce


def max_pool(x, pool=2, stride=2):
    h, w = x.shape
    shifted = [x[a : h - pool + 1 + a, b : w - pool + 1 + b] for a in range(pool) for b in range(pool)]
    return reduce(np.maximum, shifted)[::stride, ::stride]
