# misconception: bias-as-a-factor
# earns: 3
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    weights = height * width * in_channels * filters
    return (weights + filters) * bias
