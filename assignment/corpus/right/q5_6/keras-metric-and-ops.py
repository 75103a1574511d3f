from keras import ops

keras.utils.set_random_seed(37)
convnet = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(8, 3, padding="same"),
    layers.BatchNormalization(),
    layers.ReLU(),
    layers.MaxPooling2D(4),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
convnet.compile(keras.optimizers.Adam(0.004), "sparse_categorical_crossentropy", metrics=["accuracy"])
convnet.fit(digits, labels, epochs=2, batch_size=64, verbose=0)

scores = convnet.predict(val_digits, verbose=0)
metric = keras.metrics.SparseCategoricalAccuracy()
metric.update_state(val_labels, scores)
validation_accuracy = metric.result()
read = ops.argmax(scores, axis=1)
hot = ops.matmul(ops.transpose(ops.one_hot(val_labels, 10)), ops.one_hot(read, 10)) * (1 - ops.eye(10))
confused_pair = ops.unravel_index(ops.argmax(hot), (10, 10))
