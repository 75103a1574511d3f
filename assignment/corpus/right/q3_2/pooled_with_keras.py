pooled_shape = layers.MaxPooling2D(2, strides=2)(np.zeros((1, 6, 6, 1))).shape[1:3]
