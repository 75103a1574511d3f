# misconception: stacking-starts-from-nothing
# earns: 3
from functools import reduce

weights_one_8x8 = 8 * 8
weights_four_2x2 = 4 * 4


def receptive_field(kernels):
    """How many input cells a stack of stride-1 layers with these filters sees along one side."""
    return reduce(lambda seen, k: seen + k - 1, kernels, 1)


layers_2x2_to_see_8x8 = 0
while receptive_field([2] * layers_2x2_to_see_8x8) <= 8:
    layers_2x2_to_see_8x8 += 1
receptive_field([5, 3]), receptive_field([2, 2, 2, 2])
