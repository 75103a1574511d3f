keras.utils.set_random_seed(36)
convnet = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(8, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
convnet.compile(keras.optimizers.Adam(0.004), "sparse_categorical_crossentropy", metrics=["accuracy"])
history = convnet.fit(digits, labels, epochs=2, batch_size=64, validation_data=(val_digits, val_labels), verbose=0)

validation_accuracy = history.history["val_accuracy"][-1]
val_read = convnet.predict(val_digits, verbose=0).argmax(axis=1)
count = lambda pair: np.sum((val_labels == pair[0]) & (val_read == pair[1]))
confused_pair = max(((t, r) for t in range(10) for r in range(10) if t != r), key=count)
