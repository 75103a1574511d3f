def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """O = (I - F + total padding) / S + 1, rounded down."""
    sides = [0, 0]
    for axis in range(2):
        i, f, s = input_shape[axis], kernel_shape[axis], strides[axis]
        zeros = f - 1 if padding == "same" else 0
        sides[axis] = (i - f + zeros) // s + 1
    return (sides[0], sides[1])
