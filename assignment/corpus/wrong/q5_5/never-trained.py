# misconception: convnet-never-trained
# earns: 2
keras.utils.set_random_seed(4)
n_conv_a = (3 * 3 * 1) * 8 + 8
n_conv_b = (3 * 3 * 8) * 16 + 16
n_dense = (5 * 5 * 16) * 10 + 10
predicted_params = n_conv_a + n_conv_b + n_dense

picture = keras.Input(shape=(28, 28, 1))
maps = layers.Conv2D(8, (3, 3), activation="relu")(picture)
maps = layers.MaxPooling2D(2)(maps)
maps = layers.Conv2D(16, (3, 3), activation="relu")(maps)
maps = layers.MaxPooling2D(2)(maps)
scores = layers.Dense(10, activation="softmax")(layers.Flatten()(maps))
convnet = keras.Model(picture, scores)
convnet.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
convnet.summary()
