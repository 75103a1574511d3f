# misconception: edge-kernel-finds-both
# earns: 1
edge_kernel = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
