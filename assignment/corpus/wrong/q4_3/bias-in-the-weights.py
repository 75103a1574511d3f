# misconception: bias-in-the-weights
# earns: 4
conv2_24_weights = 120
conv2_24_params = 120
second_conv2_24_weights = 2304
