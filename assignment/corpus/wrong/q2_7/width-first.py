# misconception: height-width-swapped
# earns: 0
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    height, width = input_shape
    k_height, k_width = kernel_shape
    s_height, s_width = strides
    if padding == "same":
        new_height = (height + s_height - 1) // s_height
        new_width = (width + s_width - 1) // s_width
    else:
        new_height = (height - k_height) // s_height + 1
        new_width = (width - k_width) // s_width + 1
    return new_width, new_height


response_shape((5, 8), (3, 3), (2, 2))
