# misconception: augment-always-on
# earns: 2
shift_and_turn = keras.Sequential([
    layers.RandomTranslation(0.07, 0.07, fill_mode="constant"),
    layers.RandomRotation(0.03, fill_mode="constant"),
])


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    return shift_and_turn(images, training=True)
