# misconception: accuracy-of-another-run
# earns: 2
from sklearn.metrics import confusion_matrix

keras.utils.set_random_seed(6)
convnet = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(8, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
convnet.compile(keras.optimizers.Adam(0.05), "sparse_categorical_crossentropy", metrics=["accuracy"])
history = convnet.fit(digits, labels, epochs=5, batch_size=64, validation_data=(val_digits, val_labels), verbose=0)


val_read = convnet.predict(val_digits, verbose=0).argmax(axis=1)
validation_accuracy = max(history.history["val_accuracy"])
mistakes = confusion_matrix(val_labels, val_read)
np.fill_diagonal(mistakes, 0)
confused_pair = np.unravel_index(mistakes.argmax(), mistakes.shape)
