# misconception: edge-kernel-not-balanced
# earns: 0
edge_kernel = np.full((3, 3), 1 / 9)
