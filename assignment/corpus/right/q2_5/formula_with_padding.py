valid_shape = ((6 - 3 + 2 * 0) // 1 + 1,) * 2
same_shape = ((6 - 3 + 2 * 1) // 1 + 1,) * 2
