# misconception: edge-kernel-not-balanced
# earns: 0
edge_kernel = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
