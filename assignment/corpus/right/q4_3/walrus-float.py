conv2_24_weights = 24 * 2**2 * 1
conv2_24_params = conv2_24_weights + (biases := 24)
second_conv2_24_weights = float(conv2_24_weights * 24)
