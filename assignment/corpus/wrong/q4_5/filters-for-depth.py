# misconception: filters-for-depth
# earns: 0
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    return (height * width * filters + (1 if bias else 0)) * filters
