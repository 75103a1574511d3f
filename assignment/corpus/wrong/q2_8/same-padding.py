# misconception: convolved-with-same-padding
# earns: 0
def convolve(image, kernel):
    h, w = kernel.shape
    padded = np.pad(image, [((h - 1) // 2, h // 2), ((w - 1) // 2, w // 2)])
    return np.array([
        [(padded[i : i + h, j : j + w] * kernel).sum() for j in range(image.shape[1])]
        for i in range(image.shape[0])
    ])
