keras.utils.set_random_seed(68)
picture = keras.Input((28, 28, 1))
x = layers.Reshape((28, 28, 1))(picture)
x = layers.Conv2D(8, 3, strides=2, padding="same")(x)
x = keras.ops.relu(x)
x = layers.AveragePooling2D(2)(x)
convnet = keras.Model(picture, layers.Dense(10, activation="softmax")(layers.Flatten()(x)))
convnet.compile(keras.optimizers.Adam(0.004), "sparse_categorical_crossentropy")
convnet.fit(digits[:1000], labels[:1000], epochs=2, batch_size=50, verbose=0)

maps = layer_outputs(convnet, val_digits[0])
place = first_convolution(convnet) + 1  # the ReLU after it
brightest_map = [float(maps[place][1].mean(axis=(0, 1)).argmax())]
