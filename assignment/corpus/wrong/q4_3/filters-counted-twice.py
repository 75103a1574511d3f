# misconception: filters-counted-twice, params-filters-counted-twice
# earns: 2
conv2_24_weights = 2 * 2 * 1 * 24 * 24
conv2_24_params = 2 * 2 * 1 * 24 * 24 + 24
second_conv2_24_weights = 2304
