# misconception: image-as-uint8
# earns: 0
def convolve(image, kernel):
    pixels = np.asarray(image).astype(np.uint8)
    windows = np.lib.stride_tricks.sliding_window_view(pixels, kernel.shape)
    return np.einsum("abij,ij->ab", windows, kernel)
