# misconception: same-strides-not-divided
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    if padding == "same":
        return tuple(input_shape)
    h = (input_shape[0] - kernel_shape[0]) // strides[0] + 1
    w = (input_shape[1] - kernel_shape[1]) // strides[1] + 1
    return h, w


response_shape((5, 8), (3, 3), (2, 2))
