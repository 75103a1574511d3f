# misconception: edge-kernel-too-weak
# earns: 0
edge_kernel = np.array([[-0.1, 0, 0.1], [-0.2, 0, 0.2], [-0.1, 0, 0.1]])
