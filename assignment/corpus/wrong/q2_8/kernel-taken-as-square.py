# misconception: kernel-squares-only
# earns: 2
def convolve(image, kernel):
    k = kernel.shape[0]
    rows, columns = image.shape[0] - k + 1, image.shape[1] - k + 1
    return np.array([[(image[i : i + k, j : j + k] * kernel).sum() for j in range(columns)] for i in range(rows)])
