shape_33_2 = np.array((33, 33)) - np.array((2, 2)) + 1
