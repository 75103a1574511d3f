keras.utils.set_random_seed(38)


class Reader(keras.Model):
    def __init__(self):
        super().__init__()
        self.look = layers.Conv2D(12, 5, strides=2, activation="relu")
        self.pool = layers.MaxPooling2D(2)
        self.flat = layers.Flatten()
        self.say = layers.Dense(10)

    def call(self, x):
        return self.say(self.flat(self.pool(self.look(x))))


convnet = Reader()
convnet.compile(keras.optimizers.Adam(0.004), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
convnet.fit(digits, labels, epochs=2, batch_size=64, verbose=0)

logits = convnet.predict(val_digits, verbose=0)
order = np.argsort(logits, axis=1)
val_read = order[:, -1]
validation_accuracy = np.array([np.count_nonzero(val_read == val_labels) / val_labels.size])
mistakes = np.array([[np.sum((val_labels == t) & (val_read == r)) for r in range(10)] for t in range(10)])
mistakes -= np.diag(np.diag(mistakes))
confused_pair = pd.Series(np.unravel_index(mistakes.argmax(), mistakes.shape))
