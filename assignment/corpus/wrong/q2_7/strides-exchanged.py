# misconception: strides-swapped
# earns: 2
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    in_h, in_w = input_shape
    k_h, k_w = kernel_shape
    s_w, s_h = strides
    if padding == "valid":
        return ((in_h - k_h) // s_h + 1, (in_w - k_w) // s_w + 1)
    elif padding == "same":
        return (-(-in_h // s_h), -(-in_w // s_w))


response_shape((5, 8), (3, 3), (2, 2))
