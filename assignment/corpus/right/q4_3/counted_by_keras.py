stack_q43 = keras.Sequential([keras.Input((20, 20, 1)), layers.Conv2D(24, 2), layers.Conv2D(24, 2)])
conv2_24_weights = np.prod(stack_q43.layers[0].kernel.shape)
conv2_24_params = stack_q43.layers[0].count_params()
second_conv2_24_weights = stack_q43.get_weights()[2].size
