# misconception: depth-added
# earns: 0
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    one = height * width + in_channels
    return one * filters + (filters if bias else 0)
