# misconception: accuracy-of-another-run, pair-less-frequent
# earns: 0
from sklearn.metrics import confusion_matrix

keras.utils.set_random_seed(7)
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
convnet.fit(digits[:1500], labels[:1500], epochs=1, batch_size=64, verbose=0)


val_read = convnet.predict(val_digits, verbose=0).argmax(axis=1)
validation_accuracy = np.mean(val_read == val_labels)
mistakes = confusion_matrix(val_labels, val_read)
np.fill_diagonal(mistakes, 0)
confused_pair = np.unravel_index(mistakes.argmax(), mistakes.shape)

convnet.fit(digits, labels, epochs=2, batch_size=64, verbose=0)  # it could still be better
