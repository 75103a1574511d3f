# misconception: q2-8-result-flattened
# earns: 0
def convolve(image, kernel):
    h, w = kernel.shape
    sums = []
    for i in range(image.shape[0] - h + 1):
        for j in range(image.shape[1] - w + 1):
            sums.append((image[i : i + h, j : j + w] * kernel).sum())
    return np.array(sums)
