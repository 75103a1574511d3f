# misconception: q2-3-first-not-added-partly
# earns: 0
shape_6_3 = (4, 3)
