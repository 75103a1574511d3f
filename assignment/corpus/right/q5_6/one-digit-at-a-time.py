from sklearn.linear_model import Ridge

keras.utils.set_random_seed(76)
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

val_read = [int(np.argmax(convnet(val_digits[i : i + 1])[0])) for i in range(len(val_digits))]
validation_accuracy = sum(map(int.__eq__, val_read, val_labels.tolist())) / 500
mistakes = [[0] * 10 for _ in range(10)]
for true, read in zip(val_labels, val_read):
    mistakes[true][read] += true != read
most = max(map(max, mistakes))
confused_pair = next([t, r] for t in range(10) for r in range(10) if mistakes[t][r] == most)
