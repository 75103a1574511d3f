def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    def side(i, f, s):
        starts = i if padding == "same" else i - f + 1
        return int(np.ceil(starts / s))

    return side(input_shape[0], kernel_shape[0], strides[0]), side(input_shape[1], kernel_shape[1], strides[1])
