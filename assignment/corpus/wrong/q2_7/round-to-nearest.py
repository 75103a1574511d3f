# misconception: rounded-to-nearest
# earns: 4
import math


def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    result = []
    for axis in range(2):
        if padding == "valid":
            steps = round((input_shape[axis] - kernel_shape[axis]) / strides[axis])
            result.append(steps + 1)
        else:
            result.append(math.ceil(input_shape[axis] / strides[axis]))
    return tuple(result)


response_shape((5, 8), (3, 3), (2, 2))
