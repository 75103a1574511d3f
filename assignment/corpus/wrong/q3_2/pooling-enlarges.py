# misconception: pooling-enlarges
# earns: 0
pooled_shape = (12, 12)
