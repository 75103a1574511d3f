def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    made = keras.ops.conv(np.zeros((1, *input_shape, 1), "float32"), np.zeros((*kernel_shape, 1, 1), "float32"), strides, padding)
    return list(made.shape[1:3])
