# misconception: output-all-cells
# earns: 0
output_100_2 = 99 * 99
