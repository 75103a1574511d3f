# misconception: stride-divides-the-input-only
# earns: 4
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    if padding == "same":
        return (h + sh - 1) // sh, (w + sw - 1) // sw
    return h // sh - kh + 1, w // sw - kw + 1
