# misconception: window-taken-for-result
# earns: 0
pooled_shape = ((6 - 2) // 2, (6 - 2) // 2)
