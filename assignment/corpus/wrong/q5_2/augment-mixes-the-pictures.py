# misconception: augment-mixes-the-pictures
# earns: 2
def augment(images, training=True):
    images = np.asarray(images)
    return images[np.random.permutation(len(images))] if training else images
