# misconception: convolve-forgets-the-one
# earns: 0
def convolve(image, kernel):
    rows, columns = image.shape[0] - kernel.shape[0], image.shape[1] - kernel.shape[1]
    response = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            response[r, c] = (image[r : r + kernel.shape[0], c : c + kernel.shape[1]] * kernel).sum()
    return response
