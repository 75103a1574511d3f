# misconception: list-written-into
# earns: 3
weights_one_8x8 = 64
weights_four_2x2 = 16


def receptive_field(kernels):
    kernels.pop()
    return sum(kernels) - len(kernels) + 1 + (kernels[-1] - 1)


layers_2x2_to_see_8x8 = 7
