# misconception: paddings-swapped
# earns: 0
valid_shape = (6, 6)
same_shape = (4, 4)
