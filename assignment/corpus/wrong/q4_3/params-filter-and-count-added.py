# misconception: params-filter-and-count-added
# earns: 3
conv2_24_weights = 96
conv2_24_params = 2 * 2 + 24 + 24
second_conv2_24_weights = 2304
