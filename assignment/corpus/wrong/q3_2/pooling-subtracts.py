# misconception: pooling-subtracts
# earns: 0
pooled_shape = (6 - 2, 6 - 2)
