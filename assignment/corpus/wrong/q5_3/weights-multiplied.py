# misconception: small-filters-multiplied
# earns: 3
weights_one_8x8 = 8 * 8
weights_four_2x2 = (2 * 2) ** 4


def receptive_field(kernels):
    """How many input cells a stack of stride-1 layers with these filters sees along one side."""
    return sum(kernels) - len(kernels) + 1


layers_2x2_to_see_8x8 = 7
receptive_field([5, 3]), receptive_field([2, 2, 2, 2])
