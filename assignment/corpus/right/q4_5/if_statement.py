def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    params = height * width * in_channels * filters
    if bias:
        params += filters
    return params
