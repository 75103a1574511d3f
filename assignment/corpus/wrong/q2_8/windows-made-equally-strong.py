# misconception: convolve-makes-windows-equally-strong
# earns: 0
def convolve(image, kernel):
    h, w = kernel.shape
    result = np.zeros((image.shape[0] - h + 1, image.shape[1] - w + 1))
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            window = image[i:i + h, j:j + w].astype(float)
            strength = np.sqrt((window**2).sum())
            if strength > 0:
                window = window / strength
            result[i, j] = (window * kernel).sum()
    return result
