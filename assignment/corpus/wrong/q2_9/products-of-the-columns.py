# misconception: edge-kernel-columns-cancel
# earns: 0
edge_kernel = [[1, -2, 1], [0, 0, 0], [-1, 2, -1]]
