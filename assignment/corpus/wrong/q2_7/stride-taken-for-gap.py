# misconception: stride-taken-for-gap
# earns: 0
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    sh, sw = sh + 1, sw + 1
    if padding == "same":
        return (h + sh - 1) // sh, (w + sw - 1) // sw
    return (h - kh) // sh + 1, (w - kw) // sw + 1
