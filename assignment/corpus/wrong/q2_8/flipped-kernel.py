# misconception: kernel-turned
# earns: 2
def convolve(image, kernel):
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            window = image[r : r + kernel.shape[0], c : c + kernel.shape[1]]
            out[r, c] = np.sum(window * kernel[::-1, ::-1])
    return out
