side_q23 = (6 - 3) // 1 + 1
shape_6_3 = (side_q23, side_q23)
