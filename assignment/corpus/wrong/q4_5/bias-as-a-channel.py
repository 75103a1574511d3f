# misconception: bias-as-a-channel
# earns: 2
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    return height * width * (in_channels + int(bias)) * filters
