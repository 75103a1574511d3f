# misconception: takes-filter-for-three
# earns: 0
shape_33_2 = (33 - 3 + 1, 33 - 3 + 1)
