# misconception: pooling-keeps-size
# earns: 0
pooled_shape = (6, 6)
