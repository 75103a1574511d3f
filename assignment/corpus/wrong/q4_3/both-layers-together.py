# misconception: both-layers-added
# earns: 3
first = 2 * 2 * 1 * 24
second = 2 * 2 * 24 * 24
conv2_24_weights = first
conv2_24_params = first + 24
second_conv2_24_weights = first + second
