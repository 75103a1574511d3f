from sklearn.metrics import accuracy_score, confusion_matrix

keras.utils.set_random_seed(31)
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
convnet.fit(digits, labels, epochs=2, batch_size=64, verbose=0)

predicted = np.argmax(convnet.predict(val_digits, verbose=0), axis=-1)
validation_accuracy = accuracy_score(val_labels, predicted)
matrix = confusion_matrix(val_labels, predicted, labels=range(10))
np.fill_diagonal(matrix, 0)
confused_pair = np.unravel_index(np.argmax(matrix), matrix.shape)
