# misconception: later-layers-add-one
# earns: 3
weights_one_8x8 = 64
weights_four_2x2 = 16


def receptive_field(kernels):
    return kernels[0] + len(kernels[1:])


layers_2x2_to_see_8x8 = 7
