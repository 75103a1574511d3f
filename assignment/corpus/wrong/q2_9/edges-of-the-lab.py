# misconception: edge-kernel-finds-both
# earns: 1
edge_kernel = [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]
