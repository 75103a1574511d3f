# misconception: convolve-rows-forget-the-one
# earns: 0
def convolve(image, kernel):
    h, w = kernel.shape
    return np.array([
        [np.sum(image[i : i + h, j : j + w] * kernel) for j in range(image.shape[1] - w + 1)]
        for i in range(image.shape[0] - h)
    ])
