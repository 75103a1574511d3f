# misconception: output-filter-added
# earns: 0
output_100_2 = (102, 102)
