keras.utils.set_random_seed(35)
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
convnet.fit(digits[:1500], labels[:1500], epochs=2, batch_size=64, verbose=0)

scores = convnet.predict(val_digits, verbose=0)
right, often = 0, {}
for i in range(len(val_digits)):
    best = 0
    for k in range(10):
        if scores[i][k] > scores[i][best]:
            best = k
    if best == val_labels[i]:
        right += 1
    else:
        key = (int(val_labels[i]), best)
        often[key] = often.get(key, 0) + 1
validation_accuracy = right / len(val_digits)
confused_pair = max(often, key=often.get)
