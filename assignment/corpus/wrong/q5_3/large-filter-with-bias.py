# misconception: large-filter-with-bias, small-filters-with-biases
# earns: 2
weights_one_8x8 = 65
weights_four_2x2 = 20


def receptive_field(kernels):
    return sum(kernels) - len(kernels) + 1


layers_2x2_to_see_8x8 = 7
