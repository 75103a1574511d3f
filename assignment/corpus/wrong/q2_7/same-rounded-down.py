# misconception: same-rounded-down
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    if padding == "same":
        return int(h / sh), int(w / sw)
    return int((h - kh) / sh) + 1, int((w - kw) / sw) + 1
