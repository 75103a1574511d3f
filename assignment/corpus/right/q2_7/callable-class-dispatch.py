class ResponseShape:
    """(height, width) of the response of a convolution; padding is "valid" or "same"."""

    rules = {
        "valid": staticmethod(lambda i, f, s: 1 + (i - f) // s),
        "same": staticmethod(lambda i, f, s: (i + s - 1) // s),
    }

    def __call__(self, input_shape: tuple[int, int], kernel_shape: tuple[int, int],
                 strides: tuple[int, int] = (1, 1), padding: str = "valid") -> tuple[int, int]:
        rule = self.rules[padding].__func__
        (h, w), (fh, fw), (sh, sw) = input_shape, kernel_shape, strides
        return rule(h, fh, sh), rule(w, fw, sw)


response_shape = ResponseShape()
response_shape((5, 8), (3, 3), (2, 2))
