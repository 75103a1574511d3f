# misconception: convolve-stride-two
# earns: 0
def convolve(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).sum((2, 3))[::2, ::2]
