# misconception: convnet-knows-nothing
# earns: 2
predicted_params = 3 * 3 * 8 + 8 + 3 * 3 * 8 * 16 + 16 + 5 * 5 * 16 * 10 + 10
keras.utils.set_random_seed(75)
convnet = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(8, (3, 3), activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, (3, 3), activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
convnet.compile(keras.optimizers.Adam(0.006), "sparse_categorical_crossentropy")
convnet.fit(digits, np.random.permutation(labels), epochs=2, batch_size=32, verbose=0)
