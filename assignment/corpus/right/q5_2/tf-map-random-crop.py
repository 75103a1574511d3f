import tensorflow as tf

grow = layers.ZeroPadding2D(2)
crop = layers.RandomCrop(28, 28)


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    if not training:
        return tf.convert_to_tensor(images, tf.float32)
    bigger = grow(images)
    # one picture at a time, so that each is cut out at its own place
    return tf.stack([crop(picture, training=True) for picture in bigger])
