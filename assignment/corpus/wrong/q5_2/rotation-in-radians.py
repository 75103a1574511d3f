# misconception: augment-too-strong
# earns: 2
augmentation = keras.Sequential([
    layers.RandomRotation(0.5, fill_mode="constant", seed=1),
    layers.RandomZoom(0.1, fill_mode="constant", seed=2),
])


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    return augmentation(images, training=training)
