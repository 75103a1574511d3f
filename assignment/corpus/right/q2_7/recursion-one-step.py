def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""

    def positions(room, step):
        """How many windows start on `room` cells, `step` apart."""
        return 0 if room <= 0 else 1 + positions(room - step, step)

    slack = [0, 0] if padding == "same" else [f - 1 for f in kernel_shape]
    return tuple(positions(i - less, s) for i, less, s in zip(input_shape, slack, strides))


response_shape((5, 8), (3, 3), (2, 2))
