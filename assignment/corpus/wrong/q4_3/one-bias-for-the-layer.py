# misconception: one-bias-for-the-layer
# earns: 3
conv2_24_weights = 96
conv2_24_params = 2 * 2 * 1 * 24 + 1
second_conv2_24_weights = 2304
