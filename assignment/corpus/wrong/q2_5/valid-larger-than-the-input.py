# misconception: valid-larger-than-the-input
# earns: 2
valid_shape = (6 + 3 - 1, 6 + 3 - 1)
same_shape = (6, 6)
