keras.utils.set_random_seed(4)


def squeeze_excite(maps, channels, squeezed):
    """Weigh whole maps: average each, look at the averages, scale each map by 0 to 1."""
    summary = layers.GlobalAveragePooling2D(keepdims=True)(maps)
    summary = layers.Conv2D(squeezed, 1, activation="relu")(summary)
    summary = layers.Conv2D(channels, 1, activation="sigmoid")(summary)
    return layers.Multiply()([maps, summary])


def count():
    first = 3 * 3 * 1 * 16 + 16                        # Conv2D(16)
    norm = 4 * 16                                      # scale, shift, moving mean, moving variance
    separable = 3 * 3 * 16 + 1 * 1 * 16 * 32 + 32      # per map, then across the maps
    excite = (32 * 8 + 8) + (8 * 32 + 32)
    scores = 5 * 5 * 32 * 10 + 10
    return first + norm + separable + excite + scores


predicted_params = count()

picture = keras.Input((28, 28, 1))
x = layers.Conv2D(16, 3, use_bias=True)(picture)       # 26
x = layers.BatchNormalization()(x)
x = layers.Activation("relu")(x)
x = layers.MaxPooling2D(2)(x)                          # 13
x = layers.SeparableConv2D(32, 3, activation="relu")(x)  # 11
x = squeeze_excite(x, 32, 8)
x = layers.MaxPooling2D(2)(x)                          # 5
x = layers.Dropout(0.2)(layers.Flatten()(x))
convnet = keras.Model(picture, layers.Dense(10, activation="softmax")(x))

convnet.compile(
    optimizer=keras.optimizers.Adam(4e-3),
    loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.05),
)
convnet.fit(digits, keras.utils.to_categorical(labels, 10), epochs=8, batch_size=32, verbose=0,
            callbacks=[keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=1, factor=0.5), Progress(2)])
