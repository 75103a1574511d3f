# misconception: augment-mirrors
# earns: 2
wild_q52 = layers.RandomRotation(0.5, fill_mode="constant")


def augment(images, training=True):
    return wild_q52(images, training=training)
