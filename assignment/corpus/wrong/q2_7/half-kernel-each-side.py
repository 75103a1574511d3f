# misconception: even-filters-padded-over
# earns: 2
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    result = []
    for axis in range(2):
        I, F, S = input_shape[axis], kernel_shape[axis], strides[axis]
        P = F // 2 if padding == "same" else 0
        result.append((I - F + 2 * P) // S + 1)
    return tuple(result)


response_shape((5, 8), (3, 3), (2, 2))
