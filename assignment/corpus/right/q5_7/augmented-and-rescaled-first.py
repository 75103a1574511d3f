keras.utils.set_random_seed(65)
convnet = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.RandomTranslation(0.05, 0.05, fill_mode="constant"),
    layers.RandomRotation(0.02, fill_mode="constant"),
    layers.Rescaling(2.0, offset=-1.0),
    layers.Conv2D(8, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
convnet.compile(keras.optimizers.Adam(0.004), "sparse_categorical_crossentropy")
convnet.fit(digits[:1000], labels[:1000], epochs=2, batch_size=50, verbose=0)

maps = layer_outputs(convnet, val_digits[0])
brightest_map = maps[first_convolution(convnet)][1].mean(axis=0).mean(axis=0).argmax()
