# misconception: augment-leaves-the-range
# earns: 2
bright_q52 = layers.RandomBrightness(0.2)


def augment(images, training=True):
    return bright_q52(images, training=training)
