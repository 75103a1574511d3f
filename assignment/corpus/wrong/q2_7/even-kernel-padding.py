# misconception: even-filters-padded-short
# earns: 2
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    def one_side(I, F, S):
        P = (F - 1) // 2 if padding == "same" else 0
        return (I - F + 2 * P) // S + 1

    height = one_side(input_shape[0], kernel_shape[0], strides[0])
    width = one_side(input_shape[1], kernel_shape[1], strides[1])
    return height, width


response_shape((5, 8), (3, 3), (2, 2))
