# misconception: augment-leaves-the-range
# earns: 2
augment_layers = keras.Sequential([
    layers.RandomRotation(0.02, fill_mode="constant"),
    layers.RandomBrightness(0.1),
])


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    if not training:
        return images
    return augment_layers(images, training=True)
