def convolve(image, kernel):
    image = np.ascontiguousarray(image)
    shape = (image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1)
    windows = np.lib.stride_tricks.as_strided(
        image, shape + kernel.shape, image.strides * 2, writeable=False
    )
    return np.multiply(windows, kernel).sum((-1, -2))
