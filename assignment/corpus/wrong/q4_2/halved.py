# misconception: output-halved
# earns: 0
I, F, P, S = 100, 2, 0, 2
O = (I - F + 2 * P) // S + 1
output_100_2 = (O, O)
