from functools import reduce

weights_one_8x8 = np.ones((8, 8), dtype=int).sum()
weights_four_2x2 = np.ones((4, 2, 2), dtype=int).sum()


def receptive_field(kernels):
    """How many input cells a stack of stride-1 layers with these filters sees along one side."""
    # the filters of a stack act together like one filter: their full convolution
    return reduce(np.convolve, [np.ones(k) for k in kernels], np.ones(1)).size


layers_2x2_to_see_8x8 = np.argmax([receptive_field([2] * n) == 8 for n in range(20)])
receptive_field([5, 3]), receptive_field([2, 2, 2, 2])
