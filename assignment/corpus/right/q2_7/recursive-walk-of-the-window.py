def _positions(left, step):
    """Windows that fit when `left` cells remain to move into, found with steps twice as long."""
    if left < step:
        return int(left >= 0)
    doubled = _positions(left, 2 * step)  # every second position ...
    rest = left - (doubled - 1) * 2 * step
    return 2 * doubled - 1 + (rest >= step)  # ... those between, and perhaps one at the end


def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    window = kernel_shape if padding == "valid" else (1, 1)  # "same": every start on the input counts
    return tuple(map(lambda i, f, s: _positions(i - f, s), input_shape, window, strides))


response_shape((5, 8), (3, 3), (2, 2))
