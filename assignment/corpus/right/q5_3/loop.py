weights_one_8x8 = 8 ** 2
weights_four_2x2 = 2 * 2 + 2 * 2 + 2 * 2 + 2 * 2


def receptive_field(kernels):
    seen = 1
    for kernel in kernels:
        seen += kernel - 1
    return seen


layers_2x2_to_see_8x8 = (8 - 1) // (2 - 1)
