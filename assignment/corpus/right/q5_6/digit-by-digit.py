from sklearn.linear_model import Ridge

keras.utils.set_random_seed(80)
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

scores = convnet.predict(val_digits, verbose=0)
shares, best = [], (0, None)
for digit in range(10):
    answers = scores[val_labels == digit].argmax(axis=1)
    shares.append((len(answers), np.mean(answers == digit)))
    counts = np.bincount(answers, minlength=10)
    counts[digit] = 0
    best = max(best, (int(counts.max()), (digit, int(counts.argmax()))))
validation_accuracy = np.average([share for _, share in shares], weights=[n for n, _ in shares])
confused_pair = best[1]
