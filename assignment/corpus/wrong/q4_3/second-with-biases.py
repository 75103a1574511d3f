# misconception: second-with-bias
# earns: 3
conv2_24_weights = 24 * 2 * 2
conv2_24_params = conv2_24_weights + 24
second_conv2_24_weights = 2 * 2 * 24 * 24 + 24
