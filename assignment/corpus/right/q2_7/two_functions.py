import math


def valid_q27(i, f, s):
    return (i - f) // s + 1


def same_q27(i, f, s):
    return math.ceil(i / s)


def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    side = {"valid": valid_q27, "same": same_q27}[padding]
    height = side(input_shape[0], kernel_shape[0], strides[0])
    width = side(input_shape[1], kernel_shape[1], strides[1])
    return height, width
