# misconception: response-as-large-as-the-input
# earns: 0
shape_6_3 = (6, 6)
