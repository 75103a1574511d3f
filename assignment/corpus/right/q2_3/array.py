shape_6_3 = np.full(2, 4, dtype="int8")
