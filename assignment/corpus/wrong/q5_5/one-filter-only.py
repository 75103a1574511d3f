# misconception: convnet-trained-too-little
# earns: 4
predicted_params = 3 * 3 + 1 + 6 * 6 * 10 + 10
keras.utils.set_random_seed(78)
convnet = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(1, 3, activation="relu"), layers.MaxPooling2D(4), layers.Flatten(), layers.Dense(10, "softmax")])
convnet.compile(keras.optimizers.Adam(0.006), "sparse_categorical_crossentropy")
convnet.fit(digits, labels, epochs=2, batch_size=32, verbose=0)
