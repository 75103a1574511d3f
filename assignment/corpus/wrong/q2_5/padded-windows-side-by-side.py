# misconception: padded-windows-side-by-side, same-windows-side-by-side
# earns: 0
valid_shape = (2, 2)
same_shape = (2, 2)
