keras.utils.set_random_seed(4)
predicted_params = (3 * 3 * 1 * 12 + 12) + (3 * 3 * 12 * 24 + 24) + (3 * 3 * 24 * 24 + 24) + (24 * 10 + 10)

# no pooling layers: strides make the maps smaller, and the augmentation is a part of the model
convnet = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.RandomTranslation(0.05, 0.05, fill_mode="constant"),
        layers.RandomRotation(0.02, fill_mode="constant"),
        layers.Conv2D(12, 3, strides=2, padding="same", activation="relu"),
        layers.Conv2D(24, 3, strides=2, padding="same", activation="relu"),
        layers.Conv2D(24, 3, strides=2, padding="same", activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense(10, activation="softmax"),
    ]
)
convnet.compile(optimizer=keras.optimizers.Adam(4e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
convnet.fit(digits, labels, epochs=12, batch_size=64, verbose=0, callbacks=[Progress(3)])
