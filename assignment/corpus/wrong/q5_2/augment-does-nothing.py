# misconception: augment-does-nothing
# earns: 0
def augment(images, training=True):
    return images
