# misconception: edge-kernel-all-zero
# earns: 0
edge_kernel = np.zeros((3, 3))
