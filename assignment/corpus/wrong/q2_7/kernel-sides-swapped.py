# misconception: kernel-sides-swapped
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (sh, sw) = input_shape, strides
    kw, kh = kernel_shape
    if padding == "same":
        return (h + sh - 1) // sh, (w + sw - 1) // sw
    return (h - kh) // sh + 1, (w - kw) // sw + 1
