# misconception: small-filter-as-stride
# earns: 0
shape_33_2 = (33 // 2, 33 // 2)
