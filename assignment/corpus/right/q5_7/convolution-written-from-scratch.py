import tensorflow as tf


class Convolution(layers.Layer):
    def __init__(self, maps, side=3, **settings):
        super().__init__(**settings)
        self.maps, self.side = maps, side

    def build(self, shape):
        self.w = self.add_weight(shape=(self.side, self.side, shape[-1], self.maps), name="w")
        self.b = self.add_weight(shape=(self.maps,), initializer="zeros", name="b")

    def call(self, pictures):
        return tf.nn.relu(tf.nn.conv2d(pictures, self.w, strides=1, padding="VALID") + self.b)


keras.utils.set_random_seed(81)
entrance = keras.Input((28, 28, 1))
first = Convolution(8)
x = layers.MaxPooling2D(2)(first(entrance))
x = layers.MaxPooling2D(2)(Convolution(16)(x))
convnet = keras.Model(entrance, layers.Dense(10, activation="softmax")(layers.Flatten()(x)))
convnet.compile(keras.optimizers.Adam(0.004), "sparse_categorical_crossentropy")
convnet.fit(digits[:1000], labels[:1000], epochs=2, batch_size=50, verbose=0)

maps = np.asarray(first(val_digits[:1]))[0]
brightest_map = int(maps.mean(axis=0).mean(axis=0).argmax())
