# misconception: convolved-with-full-padding
# earns: 0
from scipy.signal import correlate2d


def convolve(image, kernel):
    return correlate2d(image, kernel)
