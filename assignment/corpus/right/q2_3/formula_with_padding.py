I_q23, F_q23, P_q23, S_q23 = 6, 3, 0, 1
shape_6_3 = tuple((I_q23 - F_q23 + 2 * P_q23) // S_q23 + 1 for _ in range(2))
