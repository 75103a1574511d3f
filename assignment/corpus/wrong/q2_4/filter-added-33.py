# misconception: filter-added-33
# earns: 0
shape_33_2 = (33 + 2 - 1,) * 2
