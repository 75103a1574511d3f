keras.utils.set_random_seed(83)
turning = keras.Sequential([layers.RandomRotation(0.03), layers.RandomTranslation(0.06, 0.06)])
turning(digits[:2], training=True)
convnet = keras.Sequential([
    keras.Input((28, 28, 1)),
    *turning.layers,
    layers.Conv2D(8, 3),
    layers.ReLU(),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
convnet.compile(keras.optimizers.Adam(0.004), "sparse_categorical_crossentropy")
convnet.fit(digits[:1000], labels[:1000], epochs=2, batch_size=50, verbose=0)

outputs = dict(layer_outputs(convnet, val_digits[0]))
maps = outputs[convnet.layers[first_convolution(convnet) + 1].name]
brightest_map = maps.mean(axis=(0, 1)).argmax()
