# misconception: total-goes-on
# earns: 0
def convolve(image, kernel):
    h, w = kernel.shape
    out = np.zeros((image.shape[0] - h + 1, image.shape[1] - w + 1))
    total = 0
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for a in range(h):
                for b in range(w):
                    total += image[i + a, j + b] * kernel[a, b]
            out[i, j] = total
    return out
