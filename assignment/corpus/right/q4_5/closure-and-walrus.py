def _filter_cost(bias):
    """A function for the cost of a single filter, with or without its bias."""
    return lambda height, width, depth: height * width * depth + bool(bias)


def conv_params(kernel_shape, in_channels, filters, bias=True):
    """The number of parameters of a convolution layer."""
    return (one := _filter_cost(bias)(*kernel_shape, in_channels)) and one * filters


conv_params((3, 3), 3, 10), conv_params((3, 3), 3, 10, bias=False)
