# misconception: filters-counted-twice, depth-counted-twice
# earns: 2
conv2_24_weights = 2304
conv2_24_params = 120
second_conv2_24_weights = 2 * 2 * 24 * 24 * 24
