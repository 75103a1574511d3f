def convolve(image, kernel):
    k1, k2 = kernel.shape
    weights = kernel.flatten()
    out = []
    for i in range(image.shape[0] - k1 + 1):
        row = []
        for j in range(image.shape[1] - k2 + 1):
            row.append(np.dot(image[i:i + k1, j:j + k2].flatten(), weights))
        out.append(row)
    return np.array(out)
