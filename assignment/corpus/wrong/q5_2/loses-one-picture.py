# misconception: augment-other-shape
# earns: 0
def augment(images, training=True):
    images = np.asarray(images)
    return np.roll(images, 1, axis=1)[:-1] if training else images
