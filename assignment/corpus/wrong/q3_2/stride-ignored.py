# misconception: pooling-moves-by-one
# earns: 0
pooled_shape = (6 - 2 + 1, 6 - 2 + 1)
