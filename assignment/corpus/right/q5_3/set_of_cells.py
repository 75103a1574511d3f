weights_one_8x8 = len([(r, c) for r in range(8) for c in range(8)])
weights_four_2x2 = 16


def receptive_field(kernels):
    cells = {0}
    for kernel in kernels:
        cells = {cell + step for cell in cells for step in range(kernel)}
    return len(cells)


layers_2x2_to_see_8x8 = 7
