# misconception: shape-6-3-not-whole
# earns: 0
shape_6_3 = (4.5, 4.5)
