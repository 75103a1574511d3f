# misconception: filter-always-three
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    if padding == "same":
        return (h + sh - 1) // sh, (w + sw - 1) // sw
    return (h - 3) // sh + 1, (w - 3) // sw + 1
