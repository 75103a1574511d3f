from scipy.signal import fftconvolve


def convolve(image, kernel):
    return fftconvolve(image * 1.0, np.rot90(kernel, 2), mode="valid")
