# misconception: takes-filter-for-three
# earns: 0
I = 33
F = 3
shape_33_2 = (I - F + 1, I - F + 1, 1)
