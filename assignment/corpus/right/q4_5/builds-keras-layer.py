def conv_params(kernel_shape, in_channels, filters, bias=True):
    """The number of parameters of a convolution layer."""
    layer = layers.Conv2D(filters, kernel_shape, use_bias=bias)
    layer.build((None, None, None, in_channels))
    return sum(int(np.prod(weight.shape)) for weight in layer.weights)


conv_params((3, 3), 3, 10), conv_params((3, 3), 3, 10, bias=False)
