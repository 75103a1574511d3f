def convolve(image, kernel):
    shape = image.shape
    spectrum = np.fft.rfft2(image) * np.conj(np.fft.rfft2(kernel, shape))
    rows, columns = (n - k + 1 for n, k in zip(shape, kernel.shape))
    return np.fft.irfft2(spectrum, shape)[:rows, :columns]
