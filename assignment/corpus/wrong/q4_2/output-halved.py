# misconception: output-halved
# earns: 0
output_100_2 = (50, 50)
