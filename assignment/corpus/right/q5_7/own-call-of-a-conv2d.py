from keras import ops


class CutOff(layers.Conv2D):
    def call(self, inputs):
        return ops.relu(ops.conv(inputs, self.kernel) + ops.reshape(self.bias, (1, 1, 1, -1)))


class CutOffAfter(layers.Conv2D):
    def call(self, inputs):
        return ops.relu(super().call(inputs))


keras.utils.set_random_seed(82)
convnet = keras.Sequential([
    keras.Input((28, 28, 1)),
    CutOff(8, 3),
    layers.AveragePooling2D(2),
    CutOffAfter(16, 3),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10),
])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
convnet.compile(keras.optimizers.Adam(0.004), loss)
convnet.fit(digits[:1000], labels[:1000], epochs=2, batch_size=50, verbose=0)

name, maps = layer_outputs(convnet, val_digits[0])[first_convolution(convnet)]
brightest_map = maps.mean(axis=(0, 1)).argmax()
