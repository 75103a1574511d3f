# misconception: forgets-the-one-partly
# earns: 0
shape_6_3 = (4, 3)
