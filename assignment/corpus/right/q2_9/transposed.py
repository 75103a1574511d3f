edge_kernel = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]).T
