# misconception: rgb-assumed, params-rgb-assumed, second-rgb-assumed
# earns: 0
conv2_24_weights = 2 * 2 * 3 * 24
conv2_24_params = 2 * 2 * 3 * 24 + 24
second_conv2_24_weights = 2 * 2 * 3 * 24
