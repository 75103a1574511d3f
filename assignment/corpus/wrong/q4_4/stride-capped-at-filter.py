# misconception: q4-4-s-at-most-f
# earns: 1
def same_padding(I, F, S):
    """The padding on each side that makes the output as large as the input."""
    S = min(S, F)
    P = ((S - 1) * (I - 1) + F - 1) / 2
    return P


same_padding(7, 3, 2), same_padding(6, 2, 1)
