# misconception: output-off-by-one
# earns: 0
output_100_2 = (98, 98)
