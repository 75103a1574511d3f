# misconception: one-filter-only, params-of-one-filter
# earns: 2
conv2_24_weights = 4
conv2_24_params = 5
second_conv2_24_weights = 2304
