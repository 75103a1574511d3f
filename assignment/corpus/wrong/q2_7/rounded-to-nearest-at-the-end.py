# misconception: rounded-to-nearest-at-the-end
# earns: 4
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    if padding == "same":
        return (h + sh - 1) // sh, (w + sw - 1) // sw
    return round((h - kh) / sh + 1), round((w - kw) / sw + 1)
