starts = [cell for cell in range(6) if cell + 3 <= 6]
shape_6_3 = [len(starts)] * 2
