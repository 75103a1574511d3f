from sklearn.linear_model import Ridge

keras.utils.set_random_seed(75)
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

one_hot = np.eye(10)
val_read = convnet.predict(val_digits, verbose=0).argmax(axis=1)
confusion = one_hot[val_labels].T @ one_hot[val_read]
validation_accuracy = np.float32(np.trace(confusion) / confusion.sum())
np.fill_diagonal(confusion, -np.inf)
confused_pair = np.array(np.unravel_index(confusion.argmax(), (10, 10)), dtype=float)
