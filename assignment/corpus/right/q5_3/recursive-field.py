weights_one_8x8 = 8 * 8
weights_four_2x2 = 4 * (2 * 2)


def receptive_field(kernels):
    """How many input cells a stack of stride-1 layers with these filters sees along one side."""
    if len(kernels) == 0:
        return 1
    return receptive_field(kernels[:-1]) + kernels[-1] - 1


layers_2x2_to_see_8x8 = next(n for n in range(1, 100) if receptive_field([2] * n) == 8)
receptive_field([5, 3]), receptive_field([2, 2, 2, 2])
