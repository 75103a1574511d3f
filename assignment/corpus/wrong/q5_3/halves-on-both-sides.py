# misconception: odd-filters-only
# earns: 3
weights_one_8x8 = 8 * 8
weights_four_2x2 = 4 * 2 * 2


def receptive_field(kernels):
    seen = 1
    for side in kernels:
        seen += 2 * (side // 2)
    return seen


layers_2x2_to_see_8x8 = 7
