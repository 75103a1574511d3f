class Gentle(layers.Layer):
    """Own layer: shear and translation by keras' own layers, then brighter or darker ink."""

    def __init__(self):
        super().__init__()
        self.moves = [layers.RandomShear(0.1, 0.05, fill_mode="constant"), layers.RandomTranslation(0.06, 0.06, fill_mode="constant")]
        self.seed = keras.random.SeedGenerator(5)

    def call(self, x, training=None):
        if not training:
            return x
        for move in self.moves:
            x = move(x, training=True)
        power = keras.random.uniform((keras.ops.shape(x)[0], 1, 1, 1), 0.8, 1.25, seed=self.seed)
        return keras.ops.clip(x, 0, 1) ** power


gentle = Gentle()


def augment(images, training=True):
    """Randomly changed versions of the images in training, the images themselves otherwise."""
    return gentle(images, training=training)
