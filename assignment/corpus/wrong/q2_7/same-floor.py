# misconception: same-rounded-down
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    sizes = []
    for i, f, s in zip(input_shape, kernel_shape, strides):
        if padding == "same":
            sizes.append(i // s)
        else:
            sizes.append((i - f) // s + 1)
    return tuple(sizes)


response_shape((5, 8), (3, 3), (2, 2))
