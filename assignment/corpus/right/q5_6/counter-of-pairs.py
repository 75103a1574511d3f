from collections import Counter
from sklearn.linear_model import Ridge

keras.utils.set_random_seed(70)
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

answers = convnet.predict(val_digits, verbose=0).argmax(1).tolist()
wrong = Counter((t, r) for t, r in zip(val_labels.tolist(), answers) if t != r)
validation_accuracy = 1 - wrong.total() / len(answers)
confused_pair, _ = wrong.most_common()[0]
