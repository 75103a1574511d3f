from scipy import signal


def convolve(image, kernel):
    # SciPy turns the kernel, so it gets one that is turned already
    return signal.convolve2d(image.astype(float), kernel[::-1, ::-1], mode="valid")
