keras.utils.set_random_seed(52)
convnet = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(8, 3, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.MaxPooling2D(),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dropout(0.1),
        layers.Dense(10, activation="softmax"),
    ]
)
predicted_params = np.float64(9 * 8 + 4 * 8 + (9 * 8 + 1) * 16 + (5 * 5 * 16 + 1) * 10)
convnet.compile(keras.optimizers.Adam(0.003), "categorical_crossentropy")
convnet.fit(digits, keras.utils.to_categorical(labels), epochs=2, verbose=0)
