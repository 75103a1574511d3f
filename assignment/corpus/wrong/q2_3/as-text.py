# misconception: none
# earns: 0
shape_6_3 = "4x4"
