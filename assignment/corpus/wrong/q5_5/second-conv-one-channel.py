# misconception: prediction-without-depth
# earns: 4
keras.utils.set_random_seed(4)
conv1 = 3 * 3 * 1 * 8 + 8
conv2 = 3 * 3 * 1 * 16 + 16
dense = 5 * 5 * 16 * 10 + 10
predicted_params = conv1 + conv2 + dense
convnet = keras.Sequential([
    layers.Input((28, 28, 1)),
    layers.Conv2D(8, (3, 3), activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(16, (3, 3), activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
convnet.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
convnet.fit(digits, labels, epochs=5, batch_size=32, verbose=0, callbacks=[Progress()])
