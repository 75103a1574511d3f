# misconception: edge-kernel-finds-both
# earns: 1
edge_kernel = [[-2, -1, 0], [-1, 0, 1], [0, 1, 2]]
