keras.utils.set_random_seed(4)
counts = {
    "conv": 3 * 3 * 1 * 16 + 16,
    "separable": 3 * 3 * 16 + 16 * 32 + 32,
    "depthwise": 3 * 3 * 32 + 32,
    "pointwise": 1 * 1 * 32 * 32 + 32,
    "dense": 7 * 7 * 32 * 10 + 10,
}
predicted_params = sum(counts.values())
convnet = keras.models.Sequential()
convnet.add(layers.Input((28, 28, 1)))
convnet.add(layers.Conv2D(16, 3, padding="same", activation="relu"))
convnet.add(layers.MaxPool2D())
convnet.add(layers.SeparableConv2D(32, 3, padding="same", activation="relu"))
convnet.add(layers.DepthwiseConv2D(3, strides=2, padding="same"))
convnet.add(layers.Conv2D(32, kernel_size=1, activation="elu"))
convnet.add(layers.Flatten())
convnet.add(layers.Dropout(0.2))
convnet.add(layers.Dense(10, activation="softmax"))
convnet.compile(optimizer=keras.optimizers.Nadam(2e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
convnet.fit(digits, labels, epochs=8, batch_size=32, shuffle=True, verbose=0)
