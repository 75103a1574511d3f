# misconception: fields-multiplied, stacking-multiplies
# earns: 2
weights_one_8x8 = 64
weights_four_2x2 = 16


def receptive_field(kernels):
    return int(np.prod(kernels))


layers_2x2_to_see_8x8 = 3
