# misconception: q4-5-weights-width-for-in-channels
# earns: 0
def conv_params(kernel_shape, in_channels, filters, bias=True):
    """The number of parameters of a convolution layer."""
    layer = layers.Conv2D(filters, kernel_shape, padding="same", use_bias=bias)
    layer.build((None, in_channels, kernel_shape[0], kernel_shape[1]))
    return layer.count_params()


conv_params((3, 3), 3, 10), conv_params((3, 3), 3, 10, bias=False)
