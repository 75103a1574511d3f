conv_params = lambda kernel_shape, in_channels, filters, bias=True: np.prod([*kernel_shape, in_channels, filters]) + filters * bias
