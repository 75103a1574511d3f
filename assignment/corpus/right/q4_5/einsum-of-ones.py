def conv_params(kernel_shape, in_channels, filters, bias=True):
    """The number of parameters of a convolution layer."""
    height, width = (np.ones(side, dtype=np.int64) for side in kernel_shape)
    depth, each = np.ones(in_channels, dtype=np.int64), np.ones(filters, dtype=np.int64)
    kernel = np.einsum("h,w,c,f->", height, width, depth, each, optimize=True)
    return kernel + (each.sum() if bias else 0)


conv_params((3, 3), 3, 10), conv_params((3, 3), 3, 10, bias=False)
