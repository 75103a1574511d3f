keras.utils.set_random_seed(4)


@keras.saving.register_keras_serializable(package="lab")
class StandardizedConv(layers.Conv2D):
    """A convolution whose filters are brought to mean 0 and spread 1 before they are used."""

    def call(self, x):
        ops, k = keras.ops, self.kernel
        mean = ops.mean(k, axis=(0, 1, 2), keepdims=True)
        spread = ops.std(k, axis=(0, 1, 2), keepdims=True)
        k = (k - mean) / (spread + 1e-3) / float(np.sqrt(np.prod(k.shape[:3])))
        maps = ops.conv(x, k, strides=self.strides, padding=self.padding)
        return self.activation(maps + self.bias)


def eyes():
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        StandardizedConv(12, (4, 4), strides=(2, 2), activation="relu"),                 # 13 x 13
        StandardizedConv(24, (3, 3), padding="same", activation="relu"),                 # 13 x 13
        layers.MaxPooling2D((3, 3), strides=2),                                          # 6 x 6
    ], name="eyes")


# a warm-up: which pictures show a digit under 5, and which an even one?
warm = eyes()
warm_up = keras.Sequential([warm, layers.Flatten(), layers.Dense(2, activation="sigmoid")])
warm_up.compile(optimizer=keras.optimizers.Adam(3e-3), loss="binary_crossentropy")
warm_up.fit(digits, np.column_stack([labels < 5, labels % 2 == 0]).astype("float32"), epochs=3, batch_size=32, verbose=0)

predicted_params = (4 * 4 * 1 + 1) * 12 + (3 * 3 * 12 + 1) * 24 + (6 * 6 * 24 + 1) * 10

# the real thing inherits the filters
start = eyes()
start.set_weights(warm.get_weights())
convnet = keras.Sequential([*start.layers, layers.Flatten(), layers.Dropout(0.3), layers.Dense(10, activation="softmax")])
convnet.build((None, 28, 28, 1))
convnet.compile(optimizer=keras.optimizers.Adam(2e-3), loss="sparse_categorical_crossentropy")
convnet.fit(digits, labels, epochs=7, batch_size=32, verbose=0, callbacks=[Progress(2)])
