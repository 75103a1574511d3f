def same_padding(I, F, S):
    needed = S * (I - 1)
    both_sides = needed - (I - F)
    return both_sides / 2
