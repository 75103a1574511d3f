# misconception: forgets-the-one
# earns: 0
shape_6_3 = (3, 3)
