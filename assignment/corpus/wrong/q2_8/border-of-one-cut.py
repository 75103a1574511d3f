# misconception: convolved-and-cut-by-one
# earns: 0
from scipy.ndimage import correlate


def convolve(image, kernel):
    response = correlate(image.astype(float), kernel.astype(float), mode="constant")
    return response[1:-1, 1:-1]
