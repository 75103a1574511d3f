# misconception: one-kernel-side-for-both
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    k = kernel_shape[0]
    if padding == "same":
        return tuple(-(-i // s) for i, s in zip(input_shape, strides))
    return tuple((i - k) // s + 1 for i, s in zip(input_shape, strides))
