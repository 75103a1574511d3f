# misconception: adds-the-one-twice
# earns: 0
shape_6_3 = (6 - 3 + 1 + 1, 6 - 3 + 1 + 1)
