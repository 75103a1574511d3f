# misconception: rgb-assumed, params-rgb-assumed
# earns: 2
conv2_24_weights = 288
conv2_24_params = 312
second_conv2_24_weights = 2304
