# misconception: convnet-too-large
# earns: 2
keras.utils.set_random_seed(4)
predicted_params = 80 + 1168 + (11 * 11 * 16 * 10 + 10)
net = keras.Sequential()
net.add(keras.Input((28, 28, 1)))
net.add(layers.Conv2D(8, (3, 3), activation="relu"))
net.add(layers.MaxPooling2D(2))
net.add(layers.Conv2D(16, (3, 3), activation="relu"))
net.add(layers.Flatten())
net.add(layers.Dense(10, activation="softmax"))
net.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
net.fit(digits, labels, epochs=5, batch_size=32, verbose=0)
convnet = net
