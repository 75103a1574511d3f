# misconception: none
# earns: 0
pooled_shape = 3
