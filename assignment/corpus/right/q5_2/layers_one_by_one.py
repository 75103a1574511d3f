changes_q52 = [
    layers.RandomRotation(0.03, fill_mode="constant"),
    layers.RandomZoom(0.08, fill_mode="constant"),
    layers.RandomTranslation(0.05, 0.05, fill_mode="constant"),
]


def augment(images, training=True):
    for change in changes_q52:
        images = change(images, training=training)
    return images
