# misconception: augment-mirrors
# earns: 2
augmentation = keras.Sequential([
    layers.RandomRotation(0.5, fill_mode="constant"),
    layers.RandomZoom(0.1, fill_mode="constant"),
])


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    return augmentation(images, training=training)
