f_q43, k_q43 = 24, 2**2
conv2_24_weights = k_q43 * f_q43
conv2_24_params = conv2_24_weights + f_q43
second_conv2_24_weights = conv2_24_weights * f_q43
