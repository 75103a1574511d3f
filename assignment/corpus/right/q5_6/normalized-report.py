from sklearn.metrics import classification_report, ConfusionMatrixDisplay

keras.utils.set_random_seed(40)
convnet = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.RandomTranslation(0.05, 0.05, fill_mode="constant"),
    layers.Conv2D(8, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
convnet.compile(keras.optimizers.Adam(0.004), "sparse_categorical_crossentropy", metrics=["accuracy"])
convnet.fit(digits, labels, epochs=2, batch_size=64, verbose=0)

val_read = convnet.predict(val_digits, verbose=0).argmax(axis=1)
report = classification_report(val_labels, val_read, output_dict=True, zero_division=0)
validation_accuracy = report["accuracy"]
pictured = ConfusionMatrixDisplay.from_predictions(val_labels, val_read)
plt.close("all")
off = np.ma.masked_array(pictured.confusion_matrix, np.eye(10))
confused_pair = tuple(int(k) for k in np.unravel_index(off.argmax(fill_value=0), off.shape))
