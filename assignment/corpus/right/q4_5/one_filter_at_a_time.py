def conv_params(kernel_shape, in_channels, filters, bias=True):
    return sum(kernel_shape[0] * kernel_shape[1] * in_channels + (1 if bias else 0) for _ in range(filters))
