# misconception: stacking-one-too-few
# earns: 1
weights_one_8x8 = 60
weights_four_2x2 = 18


def receptive_field(kernels):
    return sum(kernels) - len(kernels) + 1


layers_2x2_to_see_8x8 = 5
