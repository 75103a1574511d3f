# misconception: rounded-to-nearest
# earns: 4
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    (ih, iw), (fh, fw), (sh, sw) = input_shape, kernel_shape, strides
    if padding == "valid":
        return (round((ih - fh) / sh) + 1, round((iw - fw) / sw) + 1)
    if padding == "same":
        return (-(-ih // sh), -(-iw // sw))


response_shape((5, 8), (3, 3), (2, 2))
