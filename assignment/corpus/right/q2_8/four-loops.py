def convolve(image, kernel):
    (height, width), (k, m) = image.shape, kernel.shape
    out = np.zeros((height - k + 1, width - m + 1))
    for i in range(height - k + 1):
        for j in range(width - m + 1):
            total = 0.0
            for a in range(k):
                for b in range(m):
                    total += image[i + a, j + b] * kernel[a, b]
            out[i, j] = total
    return out
