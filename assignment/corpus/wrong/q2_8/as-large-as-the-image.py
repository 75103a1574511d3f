# misconception: rest-filled-with-zeros
# earns: 0
def convolve(image, kernel):
    h, w = kernel.shape
    out = np.zeros(image.shape)
    for i in range(image.shape[0] - h + 1):
        for j in range(image.shape[1] - w + 1):
            out[i, j] = (image[i : i + h, j : j + w] * kernel).sum()
    return out
