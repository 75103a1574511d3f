def conv_params(kernel_shape, in_channels, filters, bias=True):
    layer = layers.Conv2D(filters, tuple(kernel_shape), use_bias=bias, kernel_initializer="zeros")
    layer.build((None, None, None, in_channels))
    return sum(int(np.prod(w.shape)) for w in layer.weights)
