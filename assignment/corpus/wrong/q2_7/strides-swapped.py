# misconception: strides-swapped
# earns: 2
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw) = input_shape, kernel_shape
    sw, sh = strides  # x, then y
    if padding == "same":
        return (h + sh - 1) // sh, (w + sw - 1) // sw
    return (h - kh) // sh + 1, (w - kw) // sw + 1
