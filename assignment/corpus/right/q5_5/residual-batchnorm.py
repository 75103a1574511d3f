keras.utils.set_random_seed(4)


def conv(c_in, c_out, k):
    return k * k * c_in * c_out  # no biases: the batch normalization that follows has its own


def norm(c):
    return 4 * c  # gamma, beta, and the moving mean and variance (not trained, but counted)


predicted_params = conv(1, 16, 3) + norm(16) + 2 * (conv(16, 16, 3) + norm(16)) + conv(16, 32, 1) + conv(16, 32, 3) + norm(32) + 2 * 2 * 32 * 10 + 10

image = keras.Input(shape=(28, 28, 1))
x = layers.Conv2D(16, 3, strides=2, padding="same", use_bias=False)(image)
x = layers.BatchNormalization(momentum=0.8)(x)
x = layers.ReLU()(x)
skip = x
for last in (False, True):
    x = layers.Conv2D(16, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.8)(x)
    if last:
        x = layers.Add()([x, skip])
    x = layers.ReLU()(x)
skip = layers.Conv2D(32, 1, strides=2, use_bias=False)(x)
x = layers.Conv2D(32, 3, strides=2, padding="same", use_bias=False)(x)
x = layers.BatchNormalization(momentum=0.8)(x)
x = layers.Activation("relu")(x + skip)
x = layers.Flatten()(layers.AveragePooling2D(3)(x))  # 2 x 2 x 32
x = layers.Dense(10)(x)
convnet = keras.Model(image, layers.Softmax()(x), name="mini_resnet")
convnet.compile(keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy")
convnet.fit(digits, labels, batch_size=32, epochs=6, verbose=0)
