# misconception: bias-multiplied-by-depth
# earns: 2
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    one = height * width * in_channels
    if bias:
        one += filters
    return one * filters
