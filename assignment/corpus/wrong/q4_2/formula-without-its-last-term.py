# misconception: output-off-by-one
# earns: 0
o = (100 - 2 + 2 * 0) // 1
output_100_2 = (o, o)
