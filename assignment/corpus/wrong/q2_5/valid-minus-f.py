# misconception: valid-forgets-the-one
# earns: 2
valid_shape = (3, 3)
same_shape = (6, 6)
