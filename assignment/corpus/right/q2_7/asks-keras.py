def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    # a pooling layer allows strides that differ, and follows the same rule
    layer = layers.MaxPooling2D(pool_size=tuple(kernel_shape), strides=tuple(strides), padding=padding)
    return tuple(layer.compute_output_shape((1, *input_shape, 1)))[1:3]


response_shape((5, 8), (3, 3), (2, 2))
