# misconception: same-divided-plus-one
# earns: 2
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    if padding == "valid":
        return (h - kh) // sh + 1, (w - kw) // sw + 1
    return h // sh + 1, w // sw + 1
