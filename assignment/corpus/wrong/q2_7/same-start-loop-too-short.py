# misconception: q2-7-same-i-one-less
# earns: 2
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    def count_starts(cells, window, step):
        if padding == "same":
            return len(range(0, cells - 1, step))
        return len(range(0, cells - window + 1, step))

    return (
        count_starts(input_shape[0], kernel_shape[0], strides[0]),
        count_starts(input_shape[1], kernel_shape[1], strides[1]),
    )


response_shape((5, 8), (3, 3), (2, 2))
