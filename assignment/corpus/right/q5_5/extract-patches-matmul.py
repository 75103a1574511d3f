from keras import ops

keras.utils.set_random_seed(4)


class PatchConv(layers.Layer):
    """A convolution written as: cut out all windows, then one matrix product."""

    def __init__(self, filters, size, stride, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.filters, self.size, self.stride = filters, size, stride
        self.activation = keras.activations.get(activation)

    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=(self.size, self.size, shape[-1], self.filters), initializer="he_normal")
        self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")

    def call(self, x):
        windows = ops.image.extract_patches(x, self.size, strides=self.stride, padding="valid")
        flat = ops.reshape(self.kernel, (-1, self.filters))
        return self.activation(ops.einsum("bhwp,pf->bhwf", windows, flat) + self.bias)


i = keras.Input((28, 28, 1))
x = PatchConv(12, 4, 2)(i)  # 13, 13, 12
x = PatchConv(24, 3, 2)(x)  # 6, 6, 24
x = ops.reshape(x, (-1, 6 * 6 * 24))
x = layers.Dropout(0.3)(x)
convnet = keras.Model(i, layers.Dense(10, "softmax")(x))
predicted_params = (4 * 4 * 12 + 12) + (3 * 3 * 12 * 24 + 24) + (864 * 10 + 10)
convnet.compile(keras.optimizers.Adam(2.5e-3), "sparse_categorical_crossentropy")
convnet.fit(digits, labels, epochs=8, batch_size=32, verbose=0)
