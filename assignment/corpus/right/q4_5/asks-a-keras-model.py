from functools import cache


@cache
def _model_count(kernel_shape, in_channels, filters, bias):
    picture = keras.Input((None, None, in_channels))
    maps = layers.Conv2D(filters, kernel_shape, use_bias=bias, padding="same")(picture)
    return keras.Model(picture, maps).count_params()


def conv_params(kernel_shape, in_channels, filters, bias=True):
    """The number of parameters of a convolution layer."""
    return _model_count(tuple(map(int, kernel_shape)), int(in_channels), int(filters), bool(bias))


conv_params((3, 3), 3, 10), conv_params((3, 3), 3, 10, bias=False)
