# misconception: one-kernel-side-for-both
# earns: 3
import math


def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    f = kernel_shape[0]

    def along(i, s):
        if padding == "same":
            return math.ceil(i / s)
        return math.floor((i - f) / s) + 1

    return along(input_shape[0], strides[0]), along(input_shape[1], strides[1])


response_shape((5, 8), (3, 3), (2, 2))
