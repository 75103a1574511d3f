# misconception: none
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    size = np.array(input_shape)
    window = np.array(kernel_shape)
    step = np.array(strides)
    if padding == "same":
        size = size + np.maximum(window - step, 0)
    positions = (size - window) // step + 1
    return int(positions[0]), int(positions[1])


response_shape((5, 8), (3, 3), (2, 2))
