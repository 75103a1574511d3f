# misconception: depth-left-out
# earns: 1
def conv_params(kernel_shape, in_channels, filters, bias=True):
    """The number of parameters of a convolution layer."""
    h, w = kernel_shape
    n = h * w * filters
    if bias:
        n += filters
    return n


conv_params((3, 3), 3, 10), conv_params((3, 3), 3, 10, bias=False)
