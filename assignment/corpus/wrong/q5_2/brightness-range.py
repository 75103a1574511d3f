# misconception: augment-leaves-the-range
# earns: 2
wobble = keras.Sequential([
    layers.RandomTranslation(0.05, 0.05, fill_mode="constant"),
    layers.RandomBrightness(0.1),
])


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    if training:
        return wobble(images, training=True)
    return images
