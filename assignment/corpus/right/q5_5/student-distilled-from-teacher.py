keras.utils.set_random_seed(4)

# a larger teacher first; its softened opinions are what the small net learns beside the labels
teacher = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(24, 3, strides=1, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(48, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dropout(0.4),
    layers.Dense(10),
])
teacher.compile(optimizer=keras.optimizers.Adam(2e-3), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
teacher.fit(digits, labels, epochs=6, batch_size=64, verbose=0)

temperature = 3.0
opinions = np.asarray(keras.ops.softmax(teacher.predict(digits, verbose=0) / temperature, axis=-1))
lesson = 0.5 * opinions + 0.5 * np.eye(10, dtype="float32")[labels]

layer_sizes = {
    "conv": 3 * 3 * 1 * 8 + 8,
    "pool": 0,
    "conv again": 3 * 3 * 8 * 16 + 16,
    "pool again": 0,
    "flatten": 0,
    "dense": ((28 - 2) // 2 - 2) // 2 * (((28 - 2) // 2 - 2) // 2) * 16 * 10 + 10,
}
predicted_params = sum(layer_sizes.values())

convnet = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(8, 3, activation="relu", name="conv"),
    layers.MaxPooling2D(name="pool"),
    layers.Conv2D(16, 3, activation="relu", name="conv_again"),
    layers.MaxPooling2D(name="pool_again"),
    layers.Flatten(),
    layers.Dense(10, activation="softmax", name="scores"),
])
convnet.compile(optimizer=keras.optimizers.Adam(3e-3), loss="kl_divergence")
convnet.fit(digits, lesson, epochs=10, batch_size=32, verbose=0, callbacks=[Progress(5)])
