def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    def steps(left, s):
        return 0 if left <= 0 else 1 + steps(left - s, s)

    if padding == "same":
        return tuple(steps(i, s) for i, s in zip(input_shape, strides))
    return tuple(steps(i - f + 1, s) for i, f, s in zip(input_shape, kernel_shape, strides))
