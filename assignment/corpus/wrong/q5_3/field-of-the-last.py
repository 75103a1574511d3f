# misconception: field-of-the-last
# earns: 3
weights_one_8x8 = 64
weights_four_2x2 = 16


def receptive_field(kernels):
    for seen in kernels:
        pass
    return seen


layers_2x2_to_see_8x8 = 7
