# misconception: augment-hardly-at-all
# earns: 0
tiny_q52 = layers.RandomTranslation(0.0001, 0.0001, fill_mode="constant")


def augment(images, training=True):
    return tiny_q52(images, training=training)
