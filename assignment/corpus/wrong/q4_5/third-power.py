# misconception: q4-5-weights-height-for-all-but-filters
# earns: 0
def conv_params(kernel_shape, in_channels, filters, bias=True):
    one_filter = kernel_shape[0] ** 3
    return (one_filter + bool(bias)) * filters
