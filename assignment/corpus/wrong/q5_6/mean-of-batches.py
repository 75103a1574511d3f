# misconception: accuracy-of-no-500-digits
# earns: 2
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
maps = np.asarray(keras.Model(convnet.inputs, convnet.layers[-2].output)(digits[:500]))
last = Ridge(1.0).fit(maps, np.eye(10)[labels[:500]])  # at once what training takes seconds for
convnet.layers[-1].set_weights([10 * last.coef_.T, 10 * last.intercept_])


val_read = convnet.predict(val_digits, verbose=0).argmax(axis=1)
right_answers = val_read == val_labels
batches = [right_answers[start : start + 64] for start in range(0, 500, 64)]
validation_accuracy = sum(batch.mean() for batch in batches) / len(batches)
mistakes = confusion_matrix(val_labels, val_read)
np.fill_diagonal(mistakes, 0)
confused_pair = np.unravel_index(mistakes.argmax(), mistakes.shape)
