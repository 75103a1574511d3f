# misconception: field-one-too-many
# earns: 3
weights_one_8x8 = 64
weights_four_2x2 = 16


def receptive_field(kernels):
    seen = 1
    for k in kernels:
        seen += k
    return seen


layers_2x2_to_see_8x8 = 7
