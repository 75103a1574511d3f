def convolve(image, kernel):
    rows, columns = np.subtract(image.shape, kernel.shape) + 1
    response = np.zeros((rows, columns))
    for (r, c), weight in np.ndenumerate(kernel):
        response += weight * image[r : r + rows, c : c + columns]
    return response
