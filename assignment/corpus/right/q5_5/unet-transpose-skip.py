keras.utils.set_random_seed(4)
relu = dict(padding="same", activation="relu")
image = keras.Input((28, 28, 1))
d1 = layers.Conv2D(8, 3, strides=2, **relu)(image)  # 14, 14, 8
d2 = layers.Conv2D(16, 3, strides=2, **relu)(d1)  # 7, 7, 16
u1 = layers.Conv2DTranspose(8, 2, strides=2, **relu)(d2)  # 14, 14, 8
both = layers.Concatenate(axis=-1)([d1, u1])  # 14, 14, 16
both = layers.Cropping2D(1)(both)  # 12, 12, 16
both = layers.Conv2D(16, 3, activation="relu")(layers.ZeroPadding2D(((0, 1), (0, 1)))(both))  # 11, 11, 16
small = layers.MaxPooling2D(2, padding="same")(both)  # 6, 6, 16
convnet = keras.Model(image, layers.Dense(10, "softmax")(layers.Flatten()(small)))
predicted_params = (
    (3 * 3 * 1 * 8 + 8) + (3 * 3 * 8 * 16 + 16) + (2 * 2 * 16 * 8 + 8) + (3 * 3 * 16 * 16 + 16) + (6 * 6 * 16 * 10 + 10)
)
convnet.compile(optimizer=keras.optimizers.Adamax(5e-3), loss="sparse_categorical_crossentropy")
convnet.fit(digits, labels, epochs=8, batch_size=32, verbose=0)
