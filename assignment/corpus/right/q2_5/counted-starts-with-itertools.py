from itertools import product


def starts(first, last, window=3):
    """All cells where a window can start so that it ends at or before `last`."""
    return {c for c in range(first, last + 1) if c + window - 1 <= last}


def as_pair(cells):
    positions = set(product(cells, cells))
    return len({row for row, _ in positions}), len({column for _, column in positions})


valid_shape = as_pair(starts(1, 6))
same_shape = as_pair(starts(0, 7))  # a ring of zeros: one cell more on each side
