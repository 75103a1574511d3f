# misconception: filter-added
# earns: 0
shape_6_3 = (6 + 3 - 1, 6 + 3 - 1)
