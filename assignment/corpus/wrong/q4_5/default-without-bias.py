# misconception: bias-off-by-default
# earns: 2
def conv_params(kernel_shape, in_channels, filters, bias=False):
    """The number of parameters of a convolution layer."""
    return np.prod(kernel_shape) * in_channels * filters + bias * filters


conv_params((3, 3), 3, 10), conv_params((3, 3), 3, 10, bias=False)
