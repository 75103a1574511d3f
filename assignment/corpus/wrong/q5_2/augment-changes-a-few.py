# misconception: augment-changes-a-few
# earns: 2
def augment(images, training=True):
    images = np.array(images)
    if training:
        for i in range(5):
            images[i] = np.roll(images[i], np.random.randint(-3, 4), axis=1)
    return images
