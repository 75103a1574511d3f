from typing import NamedTuple


class MapSize(NamedTuple):
    height: int
    width: int


def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""
    size, kernel, step = np.array([input_shape, kernel_shape, strides])
    full, rest = np.divmod(size - (kernel if padding == "valid" else 1), step)
    return MapSize(*(full + 1))


response_shape((5, 8), (3, 3), (2, 2))
