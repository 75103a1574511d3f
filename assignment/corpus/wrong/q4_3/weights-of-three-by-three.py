# misconception: weights-of-three-by-three, params-of-three-by-three
# earns: 2
conv2_24_weights = 3 * 3 * 24
conv2_24_params = 3 * 3 * 24 + 24
second_conv2_24_weights = 2304
