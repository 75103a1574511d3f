def convolve(image, kernel):
    h, w = kernel.shape
    rows, columns = image.shape[0] - h + 1, image.shape[1] - w + 1
    patches = [image[i : i + h, j : j + w].ravel() for i in range(rows) for j in range(columns)]
    return (np.array(patches) @ kernel.ravel()).reshape(rows, columns)
