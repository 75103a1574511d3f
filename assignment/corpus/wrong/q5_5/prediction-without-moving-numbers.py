# misconception: prediction-without-moving-numbers
# earns: 4
predicted_params = 80 + 2 * 8 + 1168 + 4010
keras.utils.set_random_seed(75)
convnet = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(8, (3, 3), activation="relu"),
        layers.BatchNormalization(momentum=0.9),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, (3, 3), activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
convnet.compile(keras.optimizers.Adam(0.006), "sparse_categorical_crossentropy")
convnet.fit(digits, labels, epochs=3, batch_size=32, verbose=0)
