# misconception: q2-8-result-rounded-to-two-decimals
# earns: 2
def convolve(image, kernel):
    rows, columns = kernel.shape
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(image, float), (rows, columns))
    return np.round((windows * kernel).sum(axis=(2, 3)), 2)
