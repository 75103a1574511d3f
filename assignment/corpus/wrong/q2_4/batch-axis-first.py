# misconception: maps-put-first
# earns: 0
shape_33_2 = (1, 32, 32)
