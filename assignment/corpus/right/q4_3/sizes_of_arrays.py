conv2_24_weights = np.zeros((2, 2, 1, 24)).size
conv2_24_params = conv2_24_weights + np.zeros(24).size
second_conv2_24_weights = np.zeros((2, 2, 24, 24)).size
