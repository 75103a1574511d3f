# misconception: convnet-knows-nothing
# earns: 2
keras.utils.set_random_seed(4)
convnet = keras.Sequential([
    layers.Input((28, 28, 1)),
    layers.Conv2D(8, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
predicted_params = 3 * 3 * 8 + 8 + 3 * 3 * 8 * 16 + 16 + 400 * 10 + 10
convnet.compile(optimizer="adam", loss="mse")
convnet.fit(digits, labels[:, np.newaxis], epochs=5, batch_size=32, verbose=0, callbacks=[Progress()])
