# misconception: filter-added
# earns: 0
shape_6_3 = [9, 9]
