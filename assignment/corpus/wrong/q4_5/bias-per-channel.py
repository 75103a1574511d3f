# misconception: bias-for-each-slice
# earns: 3
def conv_params(kernel_shape, in_channels, filters, bias=True):
    """The number of parameters of a convolution layer."""
    one_slice = kernel_shape[0] * kernel_shape[1]
    if bias:
        one_slice = one_slice + 1
    return one_slice * in_channels * filters


conv_params((3, 3), 3, 10), conv_params((3, 3), 3, 10, bias=False)
