# misconception: bias-as-a-factor
# earns: 3
def conv_params(kernel_shape, in_channels, filters, bias=True):
    """The number of parameters of a convolution layer."""
    h, w = kernel_shape
    return h * w * in_channels * filters + filters if bias else 0


conv_params((3, 3), 3, 10), conv_params((3, 3), 3, 10, bias=False)
