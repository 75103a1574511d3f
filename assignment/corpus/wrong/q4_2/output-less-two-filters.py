# misconception: output-less-two-filters
# earns: 0
output_100_2 = (100 - 2 * 2, 100 - 2 * 2)
