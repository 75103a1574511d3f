# misconception: counted-as-dense
# earns: 0
def conv_params(kernel_shape, in_channels, filters, bias=True):
    dense = layers.Dense(filters, use_bias=bias)
    dense.build((None, in_channels))
    return dense.count_params()
