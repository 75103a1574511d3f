def positions_q24(size, window, step=1, padding=0):
    return (size - window + 2 * padding) // step + 1


shape_33_2 = [positions_q24(33, 2) for side in ("height", "width")]
