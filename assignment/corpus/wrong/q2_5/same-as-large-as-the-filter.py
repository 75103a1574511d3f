# misconception: same-as-large-as-the-filter
# earns: 2
valid_shape = (4, 4)
same_shape = (3, 3)
