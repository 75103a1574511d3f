def conv_params(kernel_shape, in_channels, filters, bias=True):
    per_filter = in_channels * kernel_shape[0] * kernel_shape[1]
    return filters * (per_filter + 1) if bias else filters * per_filter
