# misconception: kernel-side-by-side
# earns: 0
def convolve(image, kernel):
    h, w = kernel.shape
    return np.array([
        [(image[i : i + h, j : j + w] * kernel).sum() for j in range(0, image.shape[1] - w + 1, w)]
        for i in range(0, image.shape[0] - h + 1, h)
    ])
