def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    match padding:
        case "valid":
            ends = [i - f + 1 for i, f in zip(input_shape, kernel_shape)]
        case "same":
            ends = input_shape
        case other:
            raise ValueError(f"no such padding: {other!r}")
    height, width = (len(range(0, end, step)) for end, step in zip(ends, strides))
    return height, width


response_shape((5, 8), (3, 3), (2, 2))
