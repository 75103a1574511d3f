# misconception: filters-squared, second-without-kernel
# earns: 2
conv2_24_weights = 24 * 24
conv2_24_params = 120
second_conv2_24_weights = 24 * 24
