# misconception: accuracy-of-no-500-digits
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
convnet.compile(keras.optimizers.Adam(0.004), "sparse_categorical_crossentropy", metrics=["accuracy"])
history = convnet.fit(digits, labels, epochs=2, batch_size=64, verbose=0)


val_read = convnet.predict(val_digits, verbose=0).argmax(axis=1)
validation_accuracy = history.history["accuracy"][-1]
mistakes = confusion_matrix(val_labels, val_read)
np.fill_diagonal(mistakes, 0)
confused_pair = np.unravel_index(mistakes.argmax(), mistakes.shape)
