def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    I, F, S = np.array([input_shape, kernel_shape, strides])
    return np.where(padding == "same", np.ceil(I / S), np.floor((I - F) / S) + 1).astype(int)


response_shape((5, 8), (3, 3), (2, 2))
