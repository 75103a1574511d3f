def convolve(image, kernel):
    image = image.astype(float)
    result = []
    for top in range(len(image) - len(kernel) + 1):
        lines = [np.correlate(image[top + k], row, "valid") for k, row in enumerate(kernel)]
        result.append(np.sum(lines, axis=0))
    return np.vstack(result)
