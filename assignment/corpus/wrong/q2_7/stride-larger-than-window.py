# misconception: q2-7-valid-f-at-least-s
# earns: 4
def positions(i, f, s, padding):
    if padding == "same":
        return (i - 1) // s + 1
    if s > f:                # windows do not touch: one per block of s cells
        return i // s
    return (i - f) // s + 1


def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    return (
        positions(input_shape[0], kernel_shape[0], strides[0], padding),
        positions(input_shape[1], kernel_shape[1], strides[1], padding),
    )


response_shape((5, 8), (3, 3), (2, 2))
