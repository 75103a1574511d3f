# misconception: q5-3-receptive-field-kernel-always-3
# earns: 3
weights_one_8x8 = 8 * 8
weights_four_2x2 = 4 * 2 * 2


def receptive_field(kernels):
    return 1 + 2 * len(kernels)


layers_2x2_to_see_8x8 = 7
