# misconception: kernel-turned
# earns: 2
from scipy.signal import convolve2d


def convolve(image, kernel):
    return convolve2d(image, kernel, mode="valid")
