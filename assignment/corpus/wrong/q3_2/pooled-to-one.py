# misconception: pooled-to-one
# earns: 0
pooled_shape = (1, 1)
