# misconception: edge-kernel-too-weak
# earns: 0
edge_kernel = np.array([[-1, 0, 1]] * 3) / 9
