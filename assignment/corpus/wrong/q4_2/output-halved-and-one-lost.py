# misconception: output-halved
# earns: 0
output_100_2 = (49, 49)
