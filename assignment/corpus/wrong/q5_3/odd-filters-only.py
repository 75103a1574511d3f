# misconception: odd-filters-only
# earns: 3
weights_one_8x8 = 64
weights_four_2x2 = 16


def receptive_field(kernels):
    left = right = 0
    for k in kernels:
        left += k // 2
        right += k // 2
    return left + 1 + right


layers_2x2_to_see_8x8 = 7
