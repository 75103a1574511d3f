# misconception: bias-turned-round
# earns: 0
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    weights = height * width * in_channels * filters
    if bias:
        return weights
    return weights + filters
