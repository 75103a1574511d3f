# misconception: edge-kernel-not-balanced
# earns: 0
edge_kernel = [[0, 1, 0], [0, 1, 0], [0, 1, 0]]
