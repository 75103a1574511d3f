weights_one_8x8 = 8 * 8 * 1
weights_four_2x2 = 4 * (2 * 2)


def receptive_field(kernels):
    return sum(kernels) - len(kernels) + 1


layers_2x2_to_see_8x8 = 8 - 1
