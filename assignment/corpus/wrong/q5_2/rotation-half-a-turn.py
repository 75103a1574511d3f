# misconception: augment-mirrors
# earns: 2
turn_and_shift = keras.Sequential([
    layers.RandomRotation(0.5, fill_mode="constant"),
    layers.RandomTranslation(0.05, 0.05, fill_mode="constant"),
])


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    return turn_and_shift(images, training=training)
