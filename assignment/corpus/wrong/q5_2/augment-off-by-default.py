# misconception: augment-off-by-default
# earns: 2
shake_q52 = keras.Sequential(
    [layers.RandomTranslation(0.08, 0.08, fill_mode="constant"), layers.RandomRotation(0.03, fill_mode="constant")]
)


def augment(images, training=False):
    return shake_q52(images, training=training)
