def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    i, f, s = map(np.asarray, (input_shape, kernel_shape, strides))
    if padding == "same":
        return np.ceil(i / s)
    return np.floor((i - f) / s) + 1
