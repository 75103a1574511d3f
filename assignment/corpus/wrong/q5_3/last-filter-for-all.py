# misconception: field-of-the-last-for-all
# earns: 3
weights_one_8x8 = 8 * 8
weights_four_2x2 = 2 * 2 + 2 * 2 + 2 * 2 + 2 * 2


def receptive_field(kernels):
    """How many input cells a stack of stride-1 layers with these filters sees along one side."""
    first, last = kernels[0], kernels[-1]
    return first + (len(kernels) - 1) * (last - 1)


layers_2x2_to_see_8x8 = 7
receptive_field([5, 3]), receptive_field([2, 2, 2, 2])
