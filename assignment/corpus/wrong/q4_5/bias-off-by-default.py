# misconception: bias-off-by-default
# earns: 2
def conv_params(kernel_shape, in_channels, filters, bias=False):
    weights = kernel_shape[0] * kernel_shape[1] * in_channels * filters
    return weights + filters if bias else weights
