# misconception: same-with-strides-unpadded
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    rows = h if padding == "same" and sh == 1 else (h - kh) // sh + 1
    columns = w if padding == "same" and sw == 1 else (w - kw) // sw + 1
    return rows, columns
