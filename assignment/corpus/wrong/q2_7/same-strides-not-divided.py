# misconception: same-strides-not-divided
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    if padding == "same":
        return h, w
    return (h - kh) // sh + 1, (w - kw) // sw + 1
