# slip: prediction-of-another-net
# earns: 5
predicted_params = 5258
keras.utils.set_random_seed(79)
convnet = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(12, 3, strides=2, activation="relu"), layers.Conv2D(12, 3, strides=2, activation="relu"), layers.Flatten(), layers.Dense(10, "softmax")])
convnet.compile(keras.optimizers.Adam(0.006), "sparse_categorical_crossentropy")
convnet.fit(digits, labels, epochs=2, batch_size=32, verbose=0)
