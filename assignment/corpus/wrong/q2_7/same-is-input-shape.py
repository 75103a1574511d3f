# misconception: same-strides-not-divided
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    if padding == "same":
        return tuple(input_shape)
    return tuple((i - f) // s + 1 for i, f, s in zip(input_shape, kernel_shape, strides))


response_shape((5, 8), (3, 3), (2, 2))
