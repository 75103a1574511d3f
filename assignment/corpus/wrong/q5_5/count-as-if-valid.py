# misconception: prediction-of-another-net
# earns: 4
keras.utils.set_random_seed(4)
# 28 -> 26 -> 13 -> 11 -> 5
predicted_params = (9 * 8 + 8) + (9 * 8 * 16 + 16) + (5 * 5 * 16 * 10 + 10)
convnet = keras.Sequential()
convnet.add(keras.Input(shape=(28, 28, 1)))
convnet.add(layers.Conv2D(8, 3, padding="same", activation="relu"))
convnet.add(layers.MaxPooling2D(2))
convnet.add(layers.Conv2D(16, 3, padding="same", activation="relu"))
convnet.add(layers.MaxPooling2D(2))
convnet.add(layers.Flatten())
convnet.add(layers.Dense(10, activation="softmax"))
convnet.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
convnet.fit(digits, labels, epochs=5, verbose=0)
