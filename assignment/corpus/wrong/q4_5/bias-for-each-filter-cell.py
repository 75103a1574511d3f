# misconception: bias-for-each-filter-cell
# earns: 2
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    weights = height * width * in_channels * filters
    return weights + height * width if bias else weights
