# misconception: augment-not-random
# earns: 2
def augment(images, training=True):
    if not training:
        return images
    return np.roll(np.asarray(images), 1, axis=1)
