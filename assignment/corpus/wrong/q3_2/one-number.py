# misconception: pooled-one-number
# earns: 0
pooled_shape = 3
