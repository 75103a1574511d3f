# misconception: windows-centred
# earns: 1
def max_pool(x, pool=2, stride=2):
    counts = [(side - pool) // stride + 1 for side in x.shape]
    unused = [side - (count - 1) * stride - pool for side, count in zip(x.shape, counts)]
    top, left = (cells // 2 for cells in unused)
    out = np.empty(counts)
    for place in np.ndindex(*counts):
        i, j = top + place[0] * stride, left + place[1] * stride
        out[place] = x[i : i + pool, j : j + pool].max()
    return out
