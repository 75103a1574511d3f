def conv_params(kernel_shape, in_channels, filters, bias=True):
    kernel = np.empty((kernel_shape[0], kernel_shape[1], in_channels, filters))
    biases = np.empty(filters if bias else 0)
    return kernel.size + biases.size
