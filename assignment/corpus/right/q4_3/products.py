import math

conv2_24_weights = math.prod([2, 2, 1, 24])
conv2_24_params = math.prod([2, 2, 1, 24]) + 24
second_conv2_24_weights = math.prod([2, 2, 24, 24])
