# misconception: augment-inverts
# earns: 2
def augment(images, training=True):
    images = np.asarray(images)
    if not training:
        return images
    return (1 - images) * np.float32(np.random.uniform(0.9, 1))
