edge_kernel = np.outer([1, 2, 1], [-1, 0, 1]) * 0.5
