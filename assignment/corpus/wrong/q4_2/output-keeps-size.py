# misconception: output-keeps-size
# earns: 0
output_100_2 = (100, 100)
