# misconception: both-layers-added
# earns: 3
kernel = 2 * 2
conv2_24_weights = kernel * 24
conv2_24_params = kernel * 24 + 24
second_conv2_24_weights = conv2_24_weights + kernel * 24 * 24
