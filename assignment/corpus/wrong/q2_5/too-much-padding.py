# misconception: too-much-padding
# earns: 2
valid_shape = (4, 4)
same_shape = (6 + 2 * 3 - 3 + 1, 6 + 2 * 3 - 3 + 1)
