def conv_params(kernel_shape, in_channels, filters, bias=True):
    net = keras.Sequential(
        [keras.Input((12, 12, in_channels)), layers.Conv2D(filters, kernel_shape, padding="same", use_bias=bias)]
    )
    return net.count_params()
