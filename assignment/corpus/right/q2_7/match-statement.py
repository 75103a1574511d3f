from math import ceil, floor


def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""

    def side(I, F, S):
        match padding:
            case "valid":
                return floor((I - F) / S) + 1
            case "same":
                return ceil(I / S)
            case _:
                raise ValueError(f"unknown padding {padding!r}")

    return tuple(map(side, input_shape, kernel_shape, strides))


response_shape((5, 8), (3, 3), (2, 2))
