# misconception: output-multiplied
# earns: 0
output_100_2 = (100 * 2, 100 * 2)
