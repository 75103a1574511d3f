# misconception: one-kernel-side-for-both
# earns: 3
from math import ceil, floor


def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    f = kernel_shape[0]
    if padding == "valid":
        height = floor((input_shape[0] - f) / strides[0]) + 1
        width = floor((input_shape[1] - f) / strides[1]) + 1
    else:
        height = ceil(input_shape[0] / strides[0])
        width = ceil(input_shape[1] / strides[1])
    return (height, width)


response_shape((5, 8), (3, 3), (2, 2))
