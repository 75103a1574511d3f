# misconception: convolved-to-a-single-number
# earns: 0
def convolve(image, kernel):
    h, w = kernel.shape
    total = 0
    for i in range(image.shape[0] - h + 1):
        for j in range(image.shape[1] - w + 1):
            total += (image[i : i + h, j : j + w] * kernel).sum()
    return total
