# misconception: windows-side-by-side
# earns: 0
shape_6_3 = (2, 2)
