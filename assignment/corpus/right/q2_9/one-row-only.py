edge_kernel = np.zeros((3, 3))
edge_kernel[1] = [-1, 0, 1]
