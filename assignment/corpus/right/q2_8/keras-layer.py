def convolve(image, kernel):
    layer = layers.Conv2D(1, kernel.shape, use_bias=False)
    layer.build((None, *image.shape, 1))
    layer.set_weights([kernel.reshape(*kernel.shape, 1, 1)])
    return np.asarray(layer(image.reshape(1, *image.shape, 1).astype("float32")))[0, :, :, 0]
