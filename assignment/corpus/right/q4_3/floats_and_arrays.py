conv2_24_weights = 96.0
conv2_24_params = np.array(120)
second_conv2_24_weights = np.array([2304])
