# misconception: valid-taken-for-same
# earns: 2
valid_shape = same_shape = [6, 6]
