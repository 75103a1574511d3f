# misconception: takes-filter-for-three-and-forgets-the-one
# earns: 0
shape_33_2 = [30, 30]
