# misconception: q4-5-kernel-shape-last-for-both
# earns: 0
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    return width * width * in_channels * filters + (filters if bias else 0)
