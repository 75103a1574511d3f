# misconception: convolved-with-same-padding
# earns: 0
def convolve(image, kernel):
    weights = keras.initializers.Constant(kernel.astype("float32")[:, :, None, None])
    layer = layers.Conv2D(1, kernel.shape, padding="same", kernel_initializer=weights)
    return np.asarray(layer(image.astype("float32")[None, :, :, None]))[0, :, :, 0]
