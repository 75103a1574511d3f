# misconception: shape-6-3-all-positions
# earns: 0
shape_6_3 = 16
