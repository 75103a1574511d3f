rng_q52 = np.random.default_rng(8)


def augment(images, training=True):
    images = np.asarray(images, dtype="float32")
    if training:
        images = np.clip(images + rng_q52.normal(0, 0.1, images.shape), 0, 1).astype("float32")
    return images
