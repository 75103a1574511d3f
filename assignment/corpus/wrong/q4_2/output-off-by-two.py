# misconception: output-off-by-two
# earns: 0
output_100_2 = (100 - 3, 100 - 3)
