# misconception: convnet-knows-nothing
# earns: 2
keras.utils.set_random_seed(4)
predicted_params = 3 * 3 * 8 + 8 + 3 * 3 * 8 * 16 + 16 + 5 * 5 * 16 * 10 + 10
convnet = keras.Sequential([
    keras.Input(shape=(28, 28, 1)),
    layers.Conv2D(8, (3, 3), activation="relu"),
    layers.MaxPooling2D(),
    layers.Conv2D(16, (3, 3), activation="relu"),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dense(10),
])
convnet.compile("adam", "sparse_categorical_crossentropy")
convnet.fit(digits, labels, epochs=5, verbose=0, callbacks=[Progress(1)])
