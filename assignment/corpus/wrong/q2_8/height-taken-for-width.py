# misconception: kernel-height-for-width
# earns: 2
def convolve(image, kernel):
    k = len(kernel)
    rows, columns = image.shape
    out = np.zeros((rows - k + 1, columns - k + 1))
    for i in range(rows - k + 1):
        for j in range(columns - k + 1):
            for a in range(k):
                for b in range(k):
                    out[i, j] += image[i + a, j + b] * kernel[a, b]
    return out
