# misconception: height-width-swapped-partly
# earns: 2
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    rows, columns = input_shape
    if padding == "same":
        across = (columns + strides[1] - 1) // strides[1]
        down = (rows + strides[0] - 1) // strides[0]
        return (across, down)
    down = (rows - kernel_shape[0]) // strides[0] + 1
    across = (columns - kernel_shape[1]) // strides[1] + 1
    return (down, across)


response_shape((5, 8), (3, 3), (2, 2))
