# misconception: same-divided-plus-one-partly
# earns: 3
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    def one_side(I, F, S):
        if padding == "valid":
            return (I - F) // S + 1
        if S == 1:
            return I
        return I // S + 1

    return (
        one_side(input_shape[0], kernel_shape[0], strides[0]),
        one_side(input_shape[1], kernel_shape[1], strides[1]),
    )


response_shape((5, 8), (3, 3), (2, 2))
