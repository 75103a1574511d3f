# misconception: one-side-of-the-filter
# earns: 4
conv2_24_weights = 2 * 24
conv2_24_params = 120
second_conv2_24_weights = 2304
