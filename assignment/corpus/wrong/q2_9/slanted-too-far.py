# misconception: edge-kernel-finds-both
# earns: 1
edge_kernel = [[-3, 0, 1], [-1, 0, 1], [-1, 0, 3]]
