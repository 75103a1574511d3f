# misconception: same-gives-the-padded-input
# earns: 2
valid_shape = (6 - 3 + 1, 6 - 3 + 1)
same_shape = (6 + 2, 6 + 2)
