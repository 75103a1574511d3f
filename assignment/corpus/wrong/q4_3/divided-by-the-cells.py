# misconception: none
# earns: 4
conv2_24_weights = 24 / 4
conv2_24_params = 120
second_conv2_24_weights = 2304
