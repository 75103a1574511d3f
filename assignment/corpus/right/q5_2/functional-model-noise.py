image = keras.Input((28, 28, 1))
turned = layers.RandomRotation(0.04, fill_mode="constant", interpolation="bilinear")(image)
noisy = layers.GaussianNoise(0.03)(turned)
augmenter = keras.Model(image, layers.ReLU(max_value=1.0)(noisy))


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    return augmenter(images, training=True).numpy() if training else images
