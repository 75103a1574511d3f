# misconception: edge-kernel-lies-on-its-side
# earns: 0
edge_kernel = np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])
