class Shake52(layers.Layer):
    def __init__(self):
        super().__init__()
        self.turn = layers.RandomRotation(0.05, fill_mode="constant")
        self.shift = layers.RandomTranslation(0.07, 0.07, fill_mode="constant")

    def call(self, images, training=True):
        return self.shift(self.turn(images, training=training), training=training)


augment = Shake52()
