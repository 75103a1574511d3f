# misconception: height-width-swapped
# earns: 0
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    w, h = input_shape
    kw, kh = kernel_shape
    sw, sh = strides
    if padding == "same":
        return (h + sh - 1) // sh, (w + sw - 1) // sw
    return (h - kh) // sh + 1, (w - kw) // sw + 1
