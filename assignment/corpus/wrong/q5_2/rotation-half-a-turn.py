# misconception: augment-too-strong
# earns: 2
turn_and_shift = keras.Sequential([
    layers.RandomRotation(0.5, fill_mode="constant", seed=1),
    layers.RandomTranslation(0.05, 0.05, fill_mode="constant", seed=2),
])


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    return turn_and_shift(images, training=training)
