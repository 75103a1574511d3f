# misconception: one-stride-for-both
# earns: 2
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    stride = strides[0]
    if padding == "valid":
        height = (input_shape[0] - kernel_shape[0]) // stride + 1
        width = (input_shape[1] - kernel_shape[1]) // stride + 1
    else:
        height = -(-input_shape[0] // stride)
        width = -(-input_shape[1] // stride)
    return (height, width)


response_shape((5, 8), (3, 3), (2, 2))
