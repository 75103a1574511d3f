# misconception: second-without-kernel
# earns: 3
conv2_24_weights = 96
conv2_24_params = 120
second_conv2_24_weights = 24 * 24
