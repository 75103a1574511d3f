keras.utils.set_random_seed(54)
convnet = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.ZeroPadding2D(2),
        layers.Conv2D(16, 5, strides=2, activation="relu"),
        layers.MaxPooling2D(2),
        layers.SeparableConv2D(32, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(10),
        layers.Softmax(),
    ]
)
predicted_params = 26 * 16 + (9 * 16 + 16 * 32 + 32) + (5 * 5 * 32 + 1) * 10
convnet.compile(keras.optimizers.Adam(0.004), "sparse_categorical_crossentropy")
convnet.fit(digits, labels, epochs=4, verbose=0)
