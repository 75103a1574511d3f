# misconception: output-off-by-one-partly
# earns: 0
output_100_2 = (99, 98)
