def same_padding(I, F, S):
    """The padding on each side that makes the output as large as the input."""
    # O is a straight line in P: find where O(P) - I is zero from its values at P = 0 and P = 1
    miss = lambda P: (I - F + 2 * P) / S + 1 - I
    return -miss(0) / (miss(1) - miss(0))


same_padding(7, 3, 2), same_padding(6, 2, 1)
