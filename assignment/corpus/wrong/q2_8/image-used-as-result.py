# misconception: convolve-writes-into-its-arguments
# earns: 4
def convolve(image, kernel):
    h, w = kernel.shape
    rows, columns = image.shape[0] - h + 1, image.shape[1] - w + 1
    out = np.array([[(image[i : i + h, j : j + w] * kernel).sum() for j in range(columns)] for i in range(rows)])
    image[:] = 0
    return out
