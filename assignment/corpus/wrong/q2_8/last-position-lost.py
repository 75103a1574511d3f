# misconception: convolve-forgets-the-one
# earns: 0
def convolve(image, kernel):
    h, w = kernel.shape
    return np.array([
        [np.sum(image[i : i + h, j : j + w] * kernel) for j in range(image.shape[1] - w)]
        for i in range(image.shape[0] - h)
    ])
