# misconception: none
# earns: 0
def convolve(image, kernel):
    return image * kernel[0, 0]
