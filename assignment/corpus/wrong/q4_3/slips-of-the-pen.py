# misconception: none
# earns: 1
conv2_24_weights = 96
conv2_24_params = 124
second_conv2_24_weights = 2 * 2 * 24 * 20
