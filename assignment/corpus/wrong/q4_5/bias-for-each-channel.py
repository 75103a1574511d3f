# misconception: bias-for-each-channel
# earns: 2
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    weights = height * width * in_channels * filters
    if bias:
        weights += in_channels
    return weights
