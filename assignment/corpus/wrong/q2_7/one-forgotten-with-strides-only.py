# misconception: shape-forgets-the-one-partly
# earns: 4
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    if padding == "same":
        return -(-h // sh), -(-w // sw)
    if sh > 1 or sw > 1:
        return (h - kh) // sh, (w - kw) // sw
    return h - kh + 1, w - kw + 1
