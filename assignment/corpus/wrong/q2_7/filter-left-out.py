# misconception: filter-left-out
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    if padding == "same":
        return -(-h // sh), -(-w // sw)
    return h // sh, w // sw
