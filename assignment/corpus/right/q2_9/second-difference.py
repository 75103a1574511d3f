edge_kernel = [[-1, 2, -1]] * 3
