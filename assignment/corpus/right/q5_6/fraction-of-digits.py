from fractions import Fraction
from sklearn.linear_model import Ridge
from statistics import mode

keras.utils.set_random_seed(78)
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
validation_accuracy = Fraction(int((val_read == val_labels).sum()), len(val_labels))
confused_pair = mode((t, r) for t, r in zip(val_labels, val_read) if t != r)
