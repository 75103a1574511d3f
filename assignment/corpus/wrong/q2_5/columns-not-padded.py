# misconception: q2-5-same-shape-ring-not-added-partly
# earns: 2
valid_shape = (4, 4)
same_shape = (6, 4)
