# misconception: bias-forgotten-partly
# earns: 2
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    weights = height * width * in_channels * filters
    return weights + (filters if bias and in_channels > 1 else 0)
