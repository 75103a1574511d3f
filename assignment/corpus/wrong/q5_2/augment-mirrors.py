# misconception: augment-mirrors
# earns: 2
mirror_q52 = layers.RandomFlip("horizontal_and_vertical")


def augment(images, training=True):
    return mirror_q52(images, training=training)
