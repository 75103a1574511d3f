# misconception: one-stride-for-both
# earns: 2
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    s = strides[0]
    if padding == "same":
        return tuple(-(-i // s) for i in input_shape)
    return tuple((i - k) // s + 1 for i, k in zip(input_shape, kernel_shape))
