# misconception: none
# earns: 0
edge_kernel = [-1, 0, 1, -1, 0, 1, -1, 0, 1]
