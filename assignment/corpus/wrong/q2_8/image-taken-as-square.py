# misconception: image-squares-only
# earns: 2
def convolve(image, kernel):
    n = image.shape[0]
    h, w = kernel.shape
    return np.array([[np.sum(image[i : i + h, j : j + w] * kernel) for j in range(n - w + 1)] for i in range(n - h + 1)])
