keras.utils.set_random_seed(51)
in_q55 = keras.Input((28, 28, 1))
x_q55 = layers.Conv2D(12, 5, strides=2, padding="same", activation="relu")(in_q55)  # 14
x_q55 = layers.Conv2D(16, 3, strides=2, padding="same", activation="relu")(x_q55)  # 7
predicted_params = (25 + 1) * 12 + (9 * 12 + 1) * 16 + (7 * 7 * 16 + 1) * 10
convnet = keras.Model(in_q55, layers.Dense(10)(layers.Flatten()(x_q55)))
convnet.compile(keras.optimizers.Adam(0.003), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
convnet.fit(digits, labels, epochs=4, verbose=0)
