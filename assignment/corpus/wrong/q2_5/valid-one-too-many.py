# misconception: valid-one-too-many
# earns: 2
valid_shape = (5, 5)
same_shape = (6, 6)
