wobble = keras.Sequential([
    layers.RandomTranslation(0.07, 0.07, fill_mode="constant"),
    layers.RandomRotation(0.03, fill_mode="constant"),
    layers.RandomZoom((-0.08, 0.08), fill_mode="constant"),
])


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    return keras.ops.clip(wobble(images, training=training), 0.0, 1.0)
