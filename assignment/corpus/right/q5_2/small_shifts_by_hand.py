def augment(images, training=True):
    if not training:
        return np.array(images)
    out = np.zeros_like(np.asarray(images))
    for i, image in enumerate(np.asarray(images)):
        down, right = np.random.choice([-2, -1, 1, 2], 2)
        out[i] = np.roll(image, (down, right), (0, 1))
    return out
