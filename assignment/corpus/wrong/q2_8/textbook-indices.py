# misconception: kernel-turned
# earns: 2
def convolve(image, kernel):
    (h, w), (m, n) = image.shape, kernel.shape
    out = np.zeros((h - m + 1, w - n + 1))
    for i in range(h - m + 1):
        for j in range(w - n + 1):
            for a in range(m):
                for b in range(n):
                    out[i, j] += kernel[a, b] * image[i + m - 1 - a, j + n - 1 - b]
    return out
