keras.utils.set_random_seed(4)


@keras.saving.register_keras_serializable("student")
class AttentiveConv(layers.Layer):
    """Convolution whose maps are turned up or down by a small net that looks at their means."""

    def __init__(self, filters, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.conv = layers.Conv2D(filters, 3, padding="same", activation="relu")
        self.mean = layers.GlobalAveragePooling2D(keepdims=True)
        self.down = layers.Dense(filters // 4, activation="relu")
        self.up = layers.Dense(filters, activation="sigmoid", bias_initializer=keras.initializers.Constant(2.0))

    def call(self, x):
        maps = self.conv(x)
        return maps * self.up(self.down(self.mean(maps)))

    def get_config(self):
        config = super().get_config()
        config["filters"] = self.filters
        return config


def attentive_params(c, f):
    return 9 * c * f + f + (f * (f // 4) + f // 4) + (f // 4 * f + f)


predicted_params = attentive_params(1, 8) + attentive_params(8, 16) + attentive_params(16, 32) + 3 * 3 * 32 * 10 + 10
convnet = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        AttentiveConv(8), layers.MaxPooling2D(),
        AttentiveConv(16), layers.MaxPooling2D(),
        AttentiveConv(32), layers.MaxPooling2D(),
        layers.Flatten(), layers.Dense(10, "softmax"),
    ]
)
convnet.compile(keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
convnet.fit(digits, labels, epochs=7, batch_size=32, verbose=0)
