def weights_q43(depth, bias=0, height=2, width=2, filters=24):
    return (height * width * depth + bias) * filters


conv2_24_weights = weights_q43(1)
conv2_24_params = weights_q43(depth=1, bias=1)
second_conv2_24_weights = weights_q43(24)
