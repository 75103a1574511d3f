# misconception: one-bias-for-the-layer
# earns: 3
conv2_24_weights = 24 * 4
conv2_24_params = 24 * 4 + 1
second_conv2_24_weights = 24 * 4 * 24
