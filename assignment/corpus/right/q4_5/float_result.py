class Params45:
    def __call__(self, kernel_shape, in_channels, filters, bias=True):
        height, width = kernel_shape
        return float((height * width * in_channels + bool(bias)) * filters)


conv_params = Params45()
