from itertools import count, takewhile


class MaxPool:
    """The maxima of the pool x pool windows of a 2-D array, `stride` cells apart."""

    @staticmethod
    def _strips(lines, pool, stride):
        """First the largest of each window of whole lines ..."""
        for start in takewhile(lambda s: s + pool <= len(lines), count(0, stride)):
            yield [max(column) for column in zip(*lines[start:start + pool])]

    def __call__(self, x, pool=2, stride=2):
        flat = list(self._strips(x.tolist(), pool, stride))
        turned = list(zip(*flat))  # ... then the same with the columns as lines
        return np.array(list(zip(*self._strips(turned, pool, stride))), dtype=x.dtype)


max_pool = MaxPool()
max_pool(np.array([[3, 1, 0, 2], [5, 4, 7, 1], [2, 6, 1, 1], [0, 3, 8, 4]]))
