# misconception: square-kernels
# earns: 0
def conv_params(kernel_shape, in_channels, filters, bias=True):
    """The number of parameters of a convolution layer."""
    one_filter = kernel_shape[0] ** 2 * in_channels
    if bias:
        one_filter += 1
    return one_filter * filters


conv_params((3, 3), 3, 10), conv_params((3, 3), 3, 10, bias=False)
