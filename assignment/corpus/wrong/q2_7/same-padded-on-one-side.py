# misconception: same-padded-on-one-side
# earns: 2
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    if padding == "same":
        h, w = h + kh // 2, w + kw // 2
    return (h - kh) // sh + 1, (w - kw) // sw + 1
