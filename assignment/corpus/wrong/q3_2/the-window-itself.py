# misconception: window-taken-for-result
# earns: 0
pooled_shape = [2, 2]
