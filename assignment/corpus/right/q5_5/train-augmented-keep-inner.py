keras.utils.set_random_seed(4)
convnet = keras.Sequential(name="reader")
convnet.add(keras.Input((28, 28, 1)))
convnet.add(layers.Resizing(14, 14, interpolation="bilinear"))  # half as large is still readable
convnet.add(layers.Rescaling(2.0, offset=-1.0))
convnet.add(layers.Conv2D(16, 3, padding="same"))
convnet.add(layers.GroupNormalization(groups=4))
convnet.add(layers.LeakyReLU(negative_slope=0.1))
convnet.add(layers.MaxPooling2D())
convnet.add(layers.Conv2D(32, 3, padding="same", groups=2))
convnet.add(layers.LayerNormalization(axis=[1, 2, 3]))
convnet.add(layers.PReLU(shared_axes=[1, 2]))
convnet.add(layers.SpatialDropout2D(0.1))
convnet.add(layers.MaxPooling2D())
convnet.add(layers.Flatten())
convnet.add(layers.Dense(10, activation="softmax"))
predicted_params = (9 * 16 + 16) + 2 * 16 + (9 * 8 * 32 + 32) + 2 * 7 * 7 * 32 + 32 + (3 * 3 * 32 * 10 + 10)

trainer = keras.Sequential([
    layers.RandomTranslation(0.04, 0.04, fill_mode="constant"),
    layers.RandomZoom(0.05, fill_mode="constant"),
    convnet,
])
trainer.compile(optimizer=keras.optimizers.Adam(3e-3, use_ema=True, ema_momentum=0.98), loss="sparse_categorical_crossentropy")
trainer.fit(digits, labels, epochs=6, batch_size=64, verbose=0)
