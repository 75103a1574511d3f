# misconception: takes-filter-for-three-partly
# earns: 0
shape_33_2 = (32, 31)
