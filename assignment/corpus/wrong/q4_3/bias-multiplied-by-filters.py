# misconception: bias-multiplied-by-filters
# earns: 3
conv2_24_weights = 96
conv2_24_params = (96 + 4) * 24
second_conv2_24_weights = 2304
