# misconception: field-starts-from-nothing, stacking-starts-from-nothing
# earns: 2
weights_one_8x8 = 64
weights_four_2x2 = 16


def receptive_field(kernels):
    seen = 0
    for k in kernels:
        seen += k - 1
    return seen


layers_2x2_to_see_8x8 = 8
