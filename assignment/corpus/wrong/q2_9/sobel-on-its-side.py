# misconception: edge-kernel-lies-on-its-side
# earns: 0
edge_kernel = [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]
