keras.utils.set_random_seed(34)
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
convnet.fit(digits, labels, epochs=1, batch_size=64, verbose=0)

validation_accuracy = convnet.evaluate(val_digits, val_labels, batch_size=100, verbose=0, return_dict=True)["accuracy"]
confused = np.histogram2d(val_labels, convnet.predict(val_digits, verbose=0).argmax(1), bins=10, range=[[-0.5, 9.5]] * 2)[0]
confused[np.diag_indices(10)] = -1
confused_pair = [int(k) for k in np.argwhere(confused == confused.max())[0]]
