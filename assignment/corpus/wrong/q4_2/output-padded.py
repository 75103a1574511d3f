# misconception: output-padded
# earns: 0
output_100_2 = ((100 - 2 + 2) // 1 + 1,) * 2
