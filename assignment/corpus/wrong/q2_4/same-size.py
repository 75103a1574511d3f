# misconception: small-filter-thought-harmless
# earns: 0
shape_33_2 = (33, 33, 1)
