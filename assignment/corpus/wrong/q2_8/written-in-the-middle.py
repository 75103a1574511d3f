# misconception: rest-filled-with-zeros-around
# earns: 0
def convolve(image, kernel):
    h, w = kernel.shape
    out = np.zeros_like(image, dtype=float)
    for i in range(image.shape[0] - h + 1):
        for j in range(image.shape[1] - w + 1):
            out[i + h // 2, j + w // 2] = (image[i : i + h, j : j + w] * kernel).sum()
    return out
