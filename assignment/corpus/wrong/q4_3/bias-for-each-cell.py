# misconception: bias-for-each-cell
# earns: 3
conv2_24_weights = 96
conv2_24_params = 96 + 4
second_conv2_24_weights = 2304
