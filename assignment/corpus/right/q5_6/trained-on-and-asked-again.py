from sklearn.metrics import confusion_matrix

keras.utils.set_random_seed(39)
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
convnet.fit(digits[:1000], labels[:1000], epochs=1, batch_size=64, verbose=0)

def look_at(net):
    read = net.predict(val_digits, verbose=0).argmax(axis=1)
    matrix = confusion_matrix(val_labels, read)
    off = np.where(np.eye(10, dtype=bool), 0, matrix)
    return matrix.trace() / matrix.sum(), np.unravel_index(off.argmax(), off.shape)

print(look_at(convnet))
convnet.fit(digits, labels, epochs=1, verbose=0)
validation_accuracy, confused_pair = look_at(convnet)
