keras.utils.set_random_seed(64)
convnet = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(12, 5, strides=2),
    layers.SpatialDropout2D(0.1),
    layers.LeakyReLU(negative_slope=0.2),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
convnet.compile(keras.optimizers.Adam(0.004), "sparse_categorical_crossentropy")
convnet.fit(digits[:1000], labels[:1000], epochs=2, batch_size=50, verbose=0)

maps = layer_outputs(convnet, val_digits[0])
name, after = next(item for item in maps if "leaky" in item[0])
brightest_map = np.argsort(after.mean((0, 1)))[-1]
