weights_one_8x8 = np.prod((8, 8))
weights_four_2x2 = np.full((4, 2, 2), 1).sum()


def receptive_field(kernels):
    return int(np.sum(np.asarray(kernels) - 1)) + 1


layers_2x2_to_see_8x8 = int(np.argmax([receptive_field([2] * n) >= 8 for n in range(20)]))
