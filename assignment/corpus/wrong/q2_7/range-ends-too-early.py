# misconception: q2-7-valid-last-not-added
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    if padding == "same":
        return -(-h // sh), -(-w // sw)
    return len(range(0, h - kh, sh)), len(range(0, w - kw, sw))
