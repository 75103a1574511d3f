keras.utils.set_random_seed(81)
picture = keras.Input((28, 28, 1))
small = layers.Conv2D(6, 3, strides=2, padding="same", activation="relu", name="small")(picture)
large = layers.Conv2D(6, 7, strides=2, padding="same", activation="relu", name="large")(picture)
x = layers.MaxPooling2D(2)(layers.Concatenate()([small, large]))
convnet = keras.Model(picture, layers.Dense(10, activation="softmax")(layers.Flatten()(x)))
convnet.compile(keras.optimizers.Adam(0.004), "sparse_categorical_crossentropy")
convnet.fit(digits[:1000], labels[:1000], epochs=2, batch_size=50, verbose=0)

_, first_maps = layer_outputs(convnet, val_digits[0])[first_convolution(convnet)]
brightest_map = first_maps.mean(axis=(0, 1)).argmax()
