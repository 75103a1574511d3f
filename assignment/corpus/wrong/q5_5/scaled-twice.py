# misconception: convnet-on-other-scale
# earns: 2
keras.utils.set_random_seed(4)
predicted_params = (3 * 3 * 1 * 8 + 8) + (3 * 3 * 8 * 16 + 16) + (5 * 5 * 16 * 10 + 10)
convnet = keras.Sequential([
    keras.Input(shape=(28, 28, 1)),
    layers.Conv2D(8, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
convnet.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
pictures = digits / 255
convnet.fit(pictures, labels, epochs=5, batch_size=32, verbose=0)
