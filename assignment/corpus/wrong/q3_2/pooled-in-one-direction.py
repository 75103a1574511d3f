# misconception: none
# earns: 0
pooled_shape = (3, 6)
