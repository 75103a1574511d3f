from keras import ops

keras.utils.set_random_seed(4)


class Prototypes(layers.Layer):
    """The score of a class: minus the squared distance to its learned prototype."""

    def __init__(self, classes, **kwargs):
        super().__init__(**kwargs)
        self.classes = classes

    def build(self, shape):
        self.prototypes = self.add_weight(shape=(1, self.classes, shape[-1]), initializer="random_normal", name="prototypes")

    def call(self, x):
        return -ops.sum(ops.square(ops.expand_dims(x, 1) - self.prototypes), axis=-1)


convnet = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(8, 5, activation="tanh"),
        layers.AveragePooling2D(2),
        layers.Conv2D(16, 5, activation="tanh"),
        layers.AveragePooling2D(2),
        layers.Flatten(),
        layers.Dense(24, activation="tanh", kernel_initializer="lecun_normal"),
        Prototypes(10),
    ]
)
predicted_params = (25 + 1) * 8 + (25 * 8 + 1) * 16 + (4 * 4 * 16 + 1) * 24 + 10 * 24
convnet.compile(
    optimizer=keras.optimizers.SGD(0.03, momentum=0.9, nesterov=True),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
convnet.fit(digits, labels, epochs=8, batch_size=32, verbose=0)
