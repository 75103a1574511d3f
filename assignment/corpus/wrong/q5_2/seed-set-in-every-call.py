# misconception: augment-not-random
# earns: 2
def augment(images, training=True):
    keras.utils.set_random_seed(5)
    layer = layers.RandomTranslation(0.1, 0.1, fill_mode="constant", seed=5)
    return layer(images, training=training)
