# misconception: a-single-filter
# earns: 0
def conv_params(kernel_shape, in_channels, filters, bias=True):
    one = int(np.prod(kernel_shape)) * in_channels
    return one + filters if bias else one
