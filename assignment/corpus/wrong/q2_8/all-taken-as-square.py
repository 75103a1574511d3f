# misconception: convolve-squares-only
# earns: 2
def convolve(image, kernel):
    n, k = len(image), len(kernel)
    out = np.zeros((n - k + 1, n - k + 1))
    for i in range(n - k + 1):
        for j in range(n - k + 1):
            out[i, j] = np.sum(image[i : i + k, j : j + k] * kernel)
    return out
