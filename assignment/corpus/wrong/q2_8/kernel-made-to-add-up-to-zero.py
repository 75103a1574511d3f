# misconception: kernel-made-to-add-up-to-zero
# earns: 0
def convolve(image, kernel):
    """The response of a 2-D image to a 2-D kernel: steps of one, no padding, kernel not turned."""
    weights = kernel.astype(float)
    weights -= weights.mean()
    a, b = weights.shape
    return np.array(
        [
            [np.sum(image[i : i + a, j : j + b] * weights) for j in range(image.shape[1] - b + 1)]
            for i in range(image.shape[0] - a + 1)
        ]
    )


convolve(np.array([[1, 2, 0, 3], [3, 1, 4, 1], [2, 0, 1, 2]]), np.array([[1, 0], [2, -1]]))
