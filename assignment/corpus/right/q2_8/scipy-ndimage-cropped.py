from scipy.ndimage import correlate


def convolve(image, kernel):
    everywhere = correlate(image.astype(float), kernel.astype(float), mode="constant")
    (top, left) = (k // 2 for k in kernel.shape)
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    return everywhere[top : top + rows, left : left + columns]
