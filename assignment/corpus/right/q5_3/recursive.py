weights_one_8x8, weights_four_2x2 = 64.0, 16.0
receptive_field = lambda kernels: kernels[-1] + receptive_field(kernels[:-1]) - 1 if kernels else 1
layers_2x2_to_see_8x8 = (8 - 1) / (2 - 1)
