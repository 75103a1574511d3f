# misconception: forgets-the-one
# earns: 0
side = 6 - 3
shape_6_3 = np.array([side, side])
