# misconception: params-without-bias
# earns: 3
conv2_24_weights = 96
conv2_24_params = 96
second_conv2_24_weights = 2304
