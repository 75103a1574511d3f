# misconception: convnet-too-large
# earns: 2
predicted_params = 3 * 3 * 32 + 32 + 13 * 13 * 32 * 10 + 10
keras.utils.set_random_seed(77)
convnet = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10, "softmax")])
convnet.compile(keras.optimizers.Adam(0.006), "sparse_categorical_crossentropy")
convnet.fit(digits, labels, epochs=2, batch_size=32, verbose=0)
