keras.utils.set_random_seed(4)


class DigitNet(keras.Sequential):
    """Wobble first; then convolutions, the later ones with gaps between their weights."""

    PLAN = ((12, 1), (24, 2), (24, 2))  # (filters, dilation)

    @classmethod
    def parameters(cls):
        total, channels, side = 0, 1, 28
        for number, (filters, dilation) in enumerate(cls.PLAN):
            total += 9 * channels * filters + 4 * filters  # no bias, but a batch norm
            side -= 2 * dilation                           # a 3 x 3 filter with gaps is as wide as 1 + 2 * dilation
            if number == 0:
                side //= 2
            channels = filters
        return total + (side * side * channels + 1) * 10

    @classmethod
    def design(cls):
        net = cls([
            keras.Input((28, 28, 1)),
            layers.RandomTranslation(0.05, 0.05, fill_mode="constant"),
            layers.RandomRotation(0.02, fill_mode="constant"),
        ])
        for number, (filters, dilation) in enumerate(cls.PLAN):
            net.add(layers.Conv2D(filters, 3, dilation_rate=dilation, use_bias=False))
            net.add(layers.BatchNormalization(momentum=0.9))
            net.add(layers.ReLU())
            if number == 0:
                net.add(layers.MaxPooling2D())
        net.add(layers.Flatten())
        net.add(layers.Dense(10, activation="softmax"))
        return net


predicted_params = DigitNet.parameters()
convnet = DigitNet.design()
epochs = 6
convnet.compile(
    optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(4e-3, epochs * -(-len(digits) // 32))),
    loss="sparse_categorical_crossentropy",
)
counts = np.bincount(labels)
convnet.fit(digits, labels, epochs=epochs, batch_size=32, verbose=0,
            class_weight={k: float(counts.mean() / n) for k, n in enumerate(counts)},
            callbacks=[Progress(2)])
