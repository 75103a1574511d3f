# misconception: two-biases-for-each-filter
# earns: 3
conv2_24_weights = 96
conv2_24_params = 96 + 2 * 24
second_conv2_24_weights = 2304
