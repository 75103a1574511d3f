# misconception: convolved-with-same-padding
# earns: 0
from scipy.signal import correlate2d


def convolve(image, kernel):
    return correlate2d(image.astype(float), kernel, mode="same")
