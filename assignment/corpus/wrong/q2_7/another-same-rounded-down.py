# misconception: same-rounded-down
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    if padding == "same":
        return (input_shape[0] // strides[0], input_shape[1] // strides[1])
    return (
        (input_shape[0] - kernel_shape[0]) // strides[0] + 1,
        (input_shape[1] - kernel_shape[1]) // strides[1] + 1,
    )


response_shape((5, 8), (3, 3), (2, 2))
