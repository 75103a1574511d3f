# misconception: augment-too-strong
# earns: 2
far_q52 = layers.RandomTranslation(0.6, 0.6, fill_mode="constant")


def augment(images, training=True):
    return far_q52(images, training=training)
