# misconception: augment-returns-nothing
# earns: 2
shake_q52 = keras.Sequential(
    [layers.RandomTranslation(0.08, 0.08, fill_mode="constant"), layers.RandomRotation(0.03, fill_mode="constant")]
)


def augment(images, training=True):
    if training:
        return shake_q52(images, training=True)
