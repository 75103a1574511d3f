# misconception: augment-not-random
# earns: 2
def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    images = np.asarray(images)
    if not training:
        return images
    rng = np.random.default_rng(42)
    result = np.zeros_like(images)
    for n, picture in enumerate(images):
        down, right = rng.integers(-2, 3, size=2)
        padded = np.pad(picture, ((2, 2), (2, 2), (0, 0)))
        result[n] = padded[2 - down:30 - down, 2 - right:30 - right]
    return result
