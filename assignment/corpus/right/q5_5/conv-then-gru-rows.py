keras.utils.set_random_seed(4)
image = layers.Input((28, 28, 1))
maps = layers.Conv2D(8, (3, 3), activation="relu")(image)  # 26, 26, 8
maps = layers.MaxPooling2D((2, 2))(maps)  # 13, 13, 8
maps = layers.Conv2D(8, (3, 3), activation="relu")(maps)  # 11, 11, 8
rows = layers.Reshape((11, 88))(maps)  # the rows of the maps, from top to bottom, as a sequence
memory = layers.Bidirectional(layers.GRU(20))(rows)
convnet = keras.Model(image, layers.Dense(10, "softmax")(memory))
gru = 3 * (88 * 20 + 20 * 20 + 2 * 20)
predicted_params = (9 * 8 + 8) + (9 * 8 * 8 + 8) + 2 * gru + (40 * 10 + 10)
convnet.compile(optimizer=keras.optimizers.RMSprop(4e-3), loss="sparse_categorical_crossentropy")
convnet.fit(digits, labels, batch_size=64, epochs=10, verbose=0)
