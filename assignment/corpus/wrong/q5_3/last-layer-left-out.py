# misconception: last-layer-left-out
# earns: 3
weights_one_8x8 = 64
weights_four_2x2 = 16


def receptive_field(kernels):
    seen = 1
    for i in range(len(kernels) - 1):
        seen += kernels[i] - 1
    return seen


layers_2x2_to_see_8x8 = 7
