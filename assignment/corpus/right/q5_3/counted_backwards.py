from functools import reduce

weights_one_8x8 = 8**2
weights_four_2x2 = 4 * 2**2


def receptive_field(kernels):
    return reduce(lambda seen, k: seen + (k - 1), reversed(kernels), 1)


layers_2x2_to_see_8x8 = 0
while receptive_field([2] * layers_2x2_to_see_8x8) < 8:
    layers_2x2_to_see_8x8 += 1
