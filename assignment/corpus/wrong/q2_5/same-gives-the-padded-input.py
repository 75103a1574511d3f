# misconception: same-gives-the-padded-input
# earns: 2
valid_shape = (4, 4)
same_shape = (8, 8)
