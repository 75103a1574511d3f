# misconception: q4-5-biases-added-twice
# earns: 2
def conv_params(kernel_shape, in_channels, filters, bias=True):
    height, width = kernel_shape
    weights = height * width * in_channels * filters
    if bias == "True":
        weights += filters
    return weights + in_channels * 0 + (2 * filters if bias else 0)
