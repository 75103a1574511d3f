# misconception: augment-other-type
# earns: 2
def augment(images, training=True):
    images = np.asarray(images)
    if not training:
        return images
    return np.clip(images + np.random.uniform(-0.1, 0.1, images.shape), 0, 1)
