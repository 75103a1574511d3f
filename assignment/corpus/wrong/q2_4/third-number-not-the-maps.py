# misconception: third-number-not-the-maps
# earns: 0
shape_33_2 = (32, 32, 2)
