keras.utils.set_random_seed(4)


def branches(x, filters):
    return layers.concatenate(
        [
            layers.Conv2D(filters, 1, padding="same", activation="relu")(x),
            layers.Conv2D(filters, 3, padding="same", activation="relu")(x),
            layers.Conv2D(filters, 3, padding="same", dilation_rate=2, activation="relu")(x),
            layers.Conv2D(filters, (1, 5), padding="same", activation="relu")(x),
            layers.Conv2D(filters, (5, 1), padding="same", activation="relu")(x),
        ]
    )


def branch_params(c, f):
    return sum(k * c * f + f for k in (1, 9, 9, 5, 5))


predicted_params = branch_params(1, 4) + branch_params(20, 8) + 3 * 3 * 40 * 10 + 10
i = keras.Input((28, 28, 1))
x = layers.MaxPooling2D(2)(branches(i, 4))
x = layers.MaxPooling2D(2)(branches(x, 8))
x = layers.AveragePooling2D(2)(x)
o = layers.Dense(10)(layers.Flatten()(x))  # scores without softmax ("logits")
convnet = keras.Model(i, o)
convnet.compile(keras.optimizers.Adam(4e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
convnet.fit(digits, labels, epochs=3, batch_size=32, verbose=0)
