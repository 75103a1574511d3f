# misconception: augment-mirrors
# earns: 2
flips_q52 = keras.Sequential(
    [
        layers.RandomFlip("horizontal_and_vertical"),
        layers.RandomRotation(0.04, fill_mode="constant"),
    ]
)


def augment(images, training=True):
    return flips_q52(images, training=training)
