from functools import reduce
from itertools import product


def max_pool(x, pool=2, stride=2):
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""
    rows, columns = np.subtract(np.shape(x), pool) + 1
    return reduce(
        np.maximum,
        (x[a:a + rows:stride, b:b + columns:stride] for a, b in product(range(pool), repeat=2)),
    )


max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
