# misconception: pair-reversed
# earns: 1
from sklearn.linear_model import Ridge
from sklearn.metrics import confusion_matrix

keras.utils.set_random_seed(81)
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
maps = np.asarray(keras.Model(convnet.inputs, convnet.layers[-2].output)(digits[:1000]))
last = Ridge(1.0).fit(maps, np.eye(10)[labels[:1000]])  # at once what training takes seconds for
convnet.layers[-1].set_weights([10 * last.coef_.T, 10 * last.intercept_])


val_read = convnet.predict(val_digits, verbose=0).argmax(axis=1)
validation_accuracy = np.mean(val_read == val_labels)
mistakes = confusion_matrix(val_read, val_labels)
np.fill_diagonal(mistakes, 0)
confused_pair = np.unravel_index(mistakes.argmax(), mistakes.shape)
