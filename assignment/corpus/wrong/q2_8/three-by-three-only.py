# misconception: kernel-three-by-three-only
# earns: 0
def convolve(image, kernel):
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[r, c] = (image[r : r + 3, c : c + 3] * kernel).sum()
    return out
