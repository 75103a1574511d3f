from sklearn.linear_model import Ridge

keras.utils.set_random_seed(71)
convnet = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(8, (3, 3), activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, (3, 3), activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
maps = np.asarray(keras.Model(convnet.inputs, convnet.layers[-2].output)(digits))
last = Ridge(1.0).fit(maps, np.eye(10)[labels])  # at once what training takes seconds for
convnet.layers[-1].set_weights([10 * last.coef_.T, 10 * last.intercept_])

val_read = convnet.predict(val_digits, verbose=0).argmax(axis=1)
validation_accuracy = round(np.mean(val_read == val_labels), 3)  # of 500 digits, so this is exact
wrong = val_read != val_labels
codes, counts = np.unique(val_labels[wrong] * 100 + val_read[wrong], return_counts=True)
confused_pair = np.int8(codes[counts.argmax()] // 100), np.int8(codes[counts.argmax()] % 100)
