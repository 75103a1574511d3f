def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    h, w = input_shape
    fh, fw = kernel_shape
    sh, sw = strides
    if padding == "same":
        return (h + sh - 1) // sh, (w + sw - 1) // sw
    return (h - fh + sh) // sh, (w - fw + sw) // sw
