keras.utils.set_random_seed(4)
per_layer = [(3, 1, 8), (3, 8, 16), (3, 16, 32)]
predicted_params = int(sum(k**2 * c * f + f for k, c, f in per_layer) + (3 * 3 * 32) * 32 + 32 + 33 * 10)

convnet = keras.Sequential([keras.Input((28, 28, 1))])
for kernel, _, maps in per_layer:
    convnet.add(layers.Conv2D(maps, kernel, padding="same", activation="gelu", kernel_initializer="he_normal"))
    convnet.add(layers.MaxPooling2D(2))
convnet.add(layers.Flatten())
convnet.add(layers.Dense(32, activation="silu", kernel_regularizer="l2"))
convnet.add(layers.Dense(10, activation="softmax", kernel_constraint=keras.constraints.MaxNorm(4)))
epochs = 8
convnet.compile(
    optimizer=keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(4e-3, epochs * len(digits) // 32), weight_decay=1e-3),
    loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.05),
    metrics=[keras.metrics.CategoricalAccuracy()],
)
convnet.fit(digits, keras.utils.to_categorical(labels, 10), batch_size=32, epochs=epochs, verbose=0)
