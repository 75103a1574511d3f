# misconception: depth-always-three
# earns: 0
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    return (height * width * 3 + bool(bias)) * filters
