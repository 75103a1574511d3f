# misconception: none
# earns: 0
edge_kernel = np.array([[-1, 0, 0, 1]] * 4)
