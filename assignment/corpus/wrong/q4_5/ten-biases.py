# misconception: q4-5-biases-filters-always-10
# earns: 2
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    count = height * width * in_channels * filters
    return count + 10 if bias else count
