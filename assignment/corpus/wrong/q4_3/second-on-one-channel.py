# misconception: depth-forgotten
# earns: 3
conv2_24_weights = 2 * 2 * 1 * 24
conv2_24_params = 2 * 2 * 1 * 24 + 24
second_conv2_24_weights = 2 * 2 * 1 * 24
