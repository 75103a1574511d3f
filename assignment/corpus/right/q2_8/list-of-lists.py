def convolve(image, kernel):
    image, kernel = image.tolist(), kernel.tolist()
    return [
        [
            sum(w * image[r + a][c + b] for a, row in enumerate(kernel) for b, w in enumerate(row))
            for c in range(len(image[0]) - len(kernel[0]) + 1)
        ]
        for r in range(len(image) - len(kernel) + 1)
    ]
