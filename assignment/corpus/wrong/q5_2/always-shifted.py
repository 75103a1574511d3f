# misconception: augment-always-on
# earns: 2
def augment(images, training=True):
    images = np.asarray(images)
    return np.stack([np.roll(i, np.random.randint(-2, 3, 2), (0, 1)) for i in images])
