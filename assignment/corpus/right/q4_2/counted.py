starts_q42 = len(range(100 - 2 + 1))
output_100_2 = tuple(starts_q42 for axis in range(2))
