first, second = layers.Conv2D(24, 2), layers.Conv2D(24, 2)
first.build((None, 10, 10, 1))
second.build(first.compute_output_shape((None, 10, 10, 1)))

conv2_24_weights = np.prod(first.kernel.shape)
conv2_24_params = np.sum([np.size(w) for w in first.get_weights()])
second_conv2_24_weights = np.prod(second.get_weights()[0].shape)
