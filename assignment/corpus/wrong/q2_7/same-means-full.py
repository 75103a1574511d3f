# misconception: same-means-full
# earns: 2
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    if padding == "same":
        h, w = h + 2 * (kh - 1), w + 2 * (kw - 1)
    return (h - kh) // sh + 1, (w - kw) // sw + 1
