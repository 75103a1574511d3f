# misconception: augment-always-on
# earns: 2
wobble = keras.Sequential([
    layers.RandomTranslation(0.07, 0.07, fill_mode="constant"),
    layers.RandomZoom(0.1, fill_mode="constant"),
])


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    return np.clip(wobble(images), 0, 1)
