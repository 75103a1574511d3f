from scipy.ndimage import shift

rng_q52 = np.random.default_rng(5)


def augment(images, training=True):
    images = np.asarray(images)
    if training is False:
        return images
    steps = rng_q52.uniform(0.5, 2, (len(images), 2)) * rng_q52.choice([-1, 1], (len(images), 2))
    moved = [shift(image, (*step, 0), order=1) for image, step in zip(images, steps)]
    return np.clip(moved, 0, 1).astype("float32")
