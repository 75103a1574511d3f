# misconception: square-kernels
# earns: 0
def conv_params(kernel_shape, in_channels, filters, bias=True):
    side = kernel_shape[0]
    return (side * side * in_channels + (1 if bias else 0)) * filters
