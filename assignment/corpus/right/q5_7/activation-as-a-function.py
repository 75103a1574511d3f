import tensorflow as tf

keras.utils.set_random_seed(78)
convnet = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(8, 3, activation=keras.activations.relu),
    layers.MaxPooling2D(2),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(10, activation="softmax"),
])
convnet.compile(keras.optimizers.Adam(0.004), "sparse_categorical_crossentropy")
convnet.fit(digits[:1000], labels[:1000], epochs=2, batch_size=50, verbose=0)

kernel, bias = convnet.layers[0].weights
maps = tf.nn.relu(tf.nn.conv2d(val_digits[:1], kernel, 1, "VALID") + bias)
brightest_map = tf.argmax(tf.reduce_mean(maps, axis=[0, 1, 2]))
