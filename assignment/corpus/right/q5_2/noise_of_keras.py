noise_q52 = layers.GaussianNoise(0.08)


def augment(images, training=True):
    if training:
        return keras.ops.clip(noise_q52(images, training=True), 0.0, 1.0)
    return images
