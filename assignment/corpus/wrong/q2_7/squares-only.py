# misconception: squares-only
# earns: 0
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    h, k, s = input_shape[0], kernel_shape[0], strides[0]
    if padding == "same":
        side = int(np.ceil(h / s))
    else:
        side = int((h - k) / s + 1)
    return (side, side)
