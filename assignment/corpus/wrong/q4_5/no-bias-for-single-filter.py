# misconception: none
# earns: 4
def conv_params(kernel_shape, in_channels, filters, bias=True):
    """The number of parameters of a convolution layer."""
    count = np.zeros((*kernel_shape, in_channels, filters)).size
    if bias and filters > 1:
        count = count + filters
    return count


conv_params((3, 3), 3, 10), conv_params((3, 3), 3, 10, bias=False)
