from functools import reduce
from itertools import product


def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    h, w = ((side - pool) // stride + 1 for side in x.shape)
    corner = lambda i, j: x[i : i + (h - 1) * stride + 1 : stride, j : j + (w - 1) * stride + 1 : stride]
    return reduce(np.maximum, (corner(i, j) for i, j in product(range(pool), repeat=2)))


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
