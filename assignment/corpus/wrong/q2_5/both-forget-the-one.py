# misconception: valid-forgets-the-one, same-on-one-side
# earns: 0
valid_shape = (3, 3)
same_shape = (6 + 2 - 3, 6 + 2 - 3)
