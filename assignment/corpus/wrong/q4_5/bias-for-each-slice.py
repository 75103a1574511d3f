# misconception: bias-for-each-slice
# earns: 3
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    one = height * width
    if bias:
        one += 1
    return one * in_channels * filters
