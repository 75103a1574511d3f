# misconception: depth-always-three
# earns: 0
def conv_params(kernel_shape, in_channels, filters, bias=True):
    """The number of parameters of a convolution layer."""
    height, width = kernel_shape
    weights = height * width * 3 * filters
    biases = filters if bias else 0
    return weights + biases


conv_params((3, 3), 3, 10), conv_params((3, 3), 3, 10, bias=False)
