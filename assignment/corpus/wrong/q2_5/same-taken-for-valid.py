# misconception: same-taken-for-valid
# earns: 2
valid_shape = (4, 4)
same_shape = (4, 4)
