# misconception: edge-kernel-not-balanced
# earns: 0
edge_kernel = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 2]]
