# misconception: convolved-with-full-padding-and-turned
# earns: 0
from scipy.signal import convolve2d


def convolve(image, kernel):
    return convolve2d(image, kernel)
