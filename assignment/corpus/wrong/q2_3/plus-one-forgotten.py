# misconception: forgets-the-one
# earns: 0
shape_6_3 = (6 - 3, 6 - 3)
