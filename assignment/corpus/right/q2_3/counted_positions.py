n_q23 = sum(1 for start in range(6) if start + 3 <= 6)
shape_6_3 = (n_q23, float(n_q23))
