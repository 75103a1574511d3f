# misconception: sides-added
# earns: 0
def conv_params(kernel_shape, in_channels, filters, bias=True):
    return (sum(kernel_shape) * in_channels + (1 if bias else 0)) * filters
