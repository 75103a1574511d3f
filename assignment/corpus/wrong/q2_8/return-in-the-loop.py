# misconception: convolve-first-row-only
# earns: 0
def convolve(image, kernel):
    h, w = kernel.shape
    H, W = image.shape
    result = np.zeros((H - h + 1, W - w + 1))
    for i in range(H - h + 1):
        for j in range(W - w + 1):
            result[i, j] = (image[i:i + h, j:j + w] * kernel).sum()
        return result
