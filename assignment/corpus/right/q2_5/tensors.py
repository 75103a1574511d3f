valid_shape = keras.ops.array([4, 4])
same_shape = keras.ops.array([6, 6])
