# misconception: list-written-into
# earns: 3
weights_one_8x8 = 8**2
weights_four_2x2 = 4 * 2**2


def receptive_field(kernels):
    """How many input cells a stack of stride-1 layers with these filters sees along one side."""
    cells = 1
    while kernels:
        cells += kernels.pop() - 1
    return cells


layers_2x2_to_see_8x8 = 8 - 1
receptive_field([5, 3]), receptive_field([2, 2, 2, 2])
