import math

kernel_one, kernel_two = (2, 2, 1, 24), (2, 2, 24, 24)
conv2_24_weights, second_conv2_24_weights = map(math.prod, (kernel_one, kernel_two))
conv2_24_params = sum([conv2_24_weights, kernel_one[-1]])
