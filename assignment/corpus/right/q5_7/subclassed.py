keras.utils.set_random_seed(76)


class Reader(keras.Model):
    def __init__(self):
        super().__init__()
        self.look = layers.Conv2D(12, 5, strides=2, activation="relu")
        self.pool = layers.MaxPooling2D(2)
        self.flat = layers.Flatten()
        self.say = layers.Dense(10, activation="softmax")

    def call(self, x):
        return self.say(self.flat(self.pool(self.look(x))))


convnet = Reader()
convnet.compile(keras.optimizers.Adam(0.004), "sparse_categorical_crossentropy")
convnet.fit(digits[:1000], labels[:1000], epochs=2, batch_size=50, verbose=0)

brightest_map = keras.ops.argmax(keras.ops.mean(convnet.look(val_digits[:1]), axis=(0, 1, 2)))
