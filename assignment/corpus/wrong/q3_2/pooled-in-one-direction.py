# misconception: pooled-in-one-direction
# earns: 0
pooled_shape = (3, 6)
