# misconception: convnet-knows-nothing
# earns: 2
keras.utils.set_random_seed(4)
predicted_params = 80 + 1168 + 4010
order = np.random.permutation(len(digits))
shuffled = digits[order]
convnet = keras.Sequential([
    keras.Input(shape=(28, 28, 1)),
    layers.Conv2D(8, (3, 3), activation="relu"),
    layers.MaxPooling2D((2, 2)),
    layers.Conv2D(16, (3, 3), activation="relu"),
    layers.MaxPooling2D((2, 2)),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
convnet.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
convnet.fit(shuffled, labels, epochs=5, batch_size=32, verbose=0)
