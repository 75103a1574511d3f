# misconception: none
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    shape = ()
    for size, window, step in zip(input_shape, kernel_shape, strides):
        if padding == "same":
            whole, rest = divmod(size, step)
            shape += (whole + rest,)
        else:
            shape += ((size - window) // step + 1,)
    return shape


response_shape((5, 8), (3, 3), (2, 2))
