# misconception: convnet-without-convolution
# earns: 0
predicted_params = 784 * 20 + 20 + 20 * 10 + 10
keras.utils.set_random_seed(76)
convnet = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(20, "relu"), layers.Dense(10, "softmax")])
convnet.compile(keras.optimizers.Adam(0.006), "sparse_categorical_crossentropy")
convnet.fit(digits, labels, epochs=2, batch_size=32, verbose=0)
