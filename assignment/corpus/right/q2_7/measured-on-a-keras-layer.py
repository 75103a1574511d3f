from functools import lru_cache


@lru_cache(maxsize=None)
def _ask_keras(rows, columns, kernel, strides, padding):
    layer = layers.DepthwiseConv2D(kernel, strides=strides, padding=padding)
    return layer.compute_output_shape((1, rows, columns, 1))[1:3]


# Keras has one stride for both directions here, so each direction is asked for separately
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    shapes = [_ask_keras(*map(int, input_shape), tuple(map(int, kernel_shape)), int(s), padding) for s in strides]
    return tuple(shape[axis] for axis, shape in enumerate(shapes))


response_shape((5, 8), (3, 3), (2, 2))
