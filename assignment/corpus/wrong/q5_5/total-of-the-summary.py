# misconception: convnet-count-with-the-optimizer
# earns: 4
keras.utils.set_random_seed(4)
convnet = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        layers.Conv2D(8, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
convnet.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
convnet_history = convnet.fit(
    digits,
    labels,
    epochs=6,
    batch_size=32,
    verbose=0,
    validation_data=(val_digits, val_labels),
    callbacks=[Progress()],
)
by_hand = (3 * 3 * 1 * 8 + 8) + (3 * 3 * 8 * 16 + 16) + (5 * 5 * 16 * 10 + 10)
optimizer_params = 2 * by_hand + 2  # Adam: two numbers for each weight, and two of its own
predicted_params = by_hand + optimizer_params
