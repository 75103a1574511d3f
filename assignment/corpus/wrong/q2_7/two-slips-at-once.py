# misconception: shape-forgets-the-one, same-strides-not-divided
# earns: 1
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    if padding == "same":
        return h, w
    return (h - kh) // sh, (w - kw) // sw
