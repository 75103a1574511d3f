# misconception: total-goes-on-in-a-row
# earns: 0
def convolve(image, kernel):
    h, w = kernel.shape
    out = []
    for top in range(image.shape[0] - h + 1):
        total = 0
        row = []
        for left in range(image.shape[1] - w + 1):
            for a in range(h):
                for b in range(w):
                    total += image[top + a, left + b] * kernel[a, b]
            row.append(total)
        out.append(row)
    return np.array(out)
