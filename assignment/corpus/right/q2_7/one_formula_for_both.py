from functools import partial


def any_shape_q27(keep, input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    left = [i - (1 if padding == keep else f) for i, f in zip(input_shape, kernel_shape)]
    return [n // s + 1 for n, s in zip(left, strides)]


response_shape = partial(any_shape_q27, "same")
