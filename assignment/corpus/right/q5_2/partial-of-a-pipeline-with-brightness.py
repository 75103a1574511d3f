from functools import partial

_layers = [
    layers.RandomTranslation(0.07, 0.07, fill_mode="constant", interpolation="bilinear"),
    layers.RandomRotation((-0.03, 0.03), fill_mode="constant"),
    layers.RandomZoom((-0.1, 0.1), fill_mode="constant"),
    layers.RandomBrightness(0.1, value_range=(0, 1)),
]


def _through(images, training, steps):
    for step in steps:
        images = step(images, training=training)
    return np.clip(np.asarray(images, dtype="float32"), 0, 1)


def augment(images, training=True, *, _apply=partial(_through, steps=_layers)):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    return _apply(images, training) if training else images
