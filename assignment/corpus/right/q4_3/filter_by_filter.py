one_filter_q43 = 2 * 2 * 1
conv2_24_weights = sum(one_filter_q43 for _ in range(24))
conv2_24_params = sum(one_filter_q43 + 1 for _ in range(24))
second_conv2_24_weights = sum(2 * 2 * 24 for _ in range(24))
