# misconception: same-counted-as-valid-rounded-up
# earns: 2
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    import math

    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    how = math.ceil if padding == "same" else math.floor
    return how((h - kh) / sh) + 1, how((w - kw) / sw) + 1
