# misconception: field-as-area
# earns: 3
weights_one_8x8 = 64
weights_four_2x2 = 16


def receptive_field(kernels):
    side = 1
    for k in kernels:
        side += k - 1
    return side * side


layers_2x2_to_see_8x8 = 7
