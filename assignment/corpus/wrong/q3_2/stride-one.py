# misconception: pooling-moves-by-one
# earns: 0
pooled_shape = (5, 5)
