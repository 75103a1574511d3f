# misconception: depth-left-out
# earns: 1
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    return (height * width + bool(bias)) * filters
