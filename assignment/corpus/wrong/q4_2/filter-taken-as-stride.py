# misconception: output-halved
# earns: 0
O = (100 - 2 + 2 * 0) // 2 + 1
output_100_2 = (O, O)
