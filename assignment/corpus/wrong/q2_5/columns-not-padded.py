# misconception: same-taken-for-valid-partly
# earns: 2
valid_shape = (4, 4)
same_shape = (6, 4)
