weights_one_8x8 = np.ones((8, 8)).sum()
weights_four_2x2 = sum([2 * 2] * 4)


def receptive_field(kernels):
    low = high = 0
    for k in kernels:
        high += k - 1
    return np.int64(high - low + 1)


layers_2x2_to_see_8x8 = next(n for n in range(1, 20) if receptive_field([2] * n) == 8)
