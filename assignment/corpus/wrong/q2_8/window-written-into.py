# misconception: convolve-writes-into-its-arguments
# earns: 0
def convolve(image, kernel):
    h, w = kernel.shape
    out = np.zeros((image.shape[0] - h + 1, image.shape[1] - w + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            window = image[i : i + h, j : j + w]
            window *= kernel
            out[i, j] = window.sum()
    return out
