keras.utils.set_random_seed(75)
convnet = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.DepthwiseConv2D(5, depth_multiplier=8, strides=2, activation="relu"),
    layers.Conv2D(16, 1, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
convnet.compile(keras.optimizers.Adam(0.004), "sparse_categorical_crossentropy")
convnet.fit(digits[:1000], labels[:1000], epochs=2, batch_size=50, verbose=0)

_, first_maps = layer_outputs(convnet, val_digits[0])[first_convolution(convnet)]
brightest_map = np.int32(first_maps.mean(axis=(0, 1)).argmax())
