# misconception: sides-multiplied
# earns: 0
shape_6_3 = (18, 18)
