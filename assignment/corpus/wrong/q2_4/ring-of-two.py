# misconception: takes-filter-for-three
# earns: 0
shape_33_2 = (31, 31)
