# misconception: rounded-up
# earns: 4
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    import math
    
    (h, w), (kh, kw), (sh, sw) = input_shape, kernel_shape, strides
    if padding == "same":
        return (h + sh - 1) // sh, (w + sw - 1) // sw
    return math.ceil((h - kh) / sh + 1), math.ceil((w - kw) / sw + 1)
