# misconception: none
# earns: 3
weights_one_8x8 = 8 * 8
weights_four_2x2 = 4 * 2 * 2


def receptive_field(kernels):
    return kernels[0] + 2 * (len(kernels) - 1)


layers_2x2_to_see_8x8 = 7
