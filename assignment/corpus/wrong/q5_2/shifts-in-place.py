# misconception: augment-written-into
# earns: 2
rng = np.random.default_rng()


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    if not training:
        return images
    result = images
    for n in range(len(images)):
        down, right = rng.integers(-2, 3, size=2)
        result[n] = np.roll(images[n], (down, right), axis=(0, 1))
    return result
