# misconception: one-added-before-dividing
# earns: 4
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    I = np.array(input_shape)
    F = np.array(kernel_shape)
    S = np.array(strides)
    if padding == "same":
        O = np.ceil(I / S)
    else:
        O = (I - F + 1) // S
    return tuple(int(o) for o in O)


response_shape((5, 8), (3, 3), (2, 2))
