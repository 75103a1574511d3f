from fractions import Fraction


def same_padding(I, F, S):
    """The padding on each side that makes the output as large as the input."""
    # (I - F + 2P) / S + 1 = I   =>   2P = S (I - 1) - (I - F)
    both_sides = S * (I - 1) - (I - F)
    return Fraction(both_sides) / 2


same_padding(7, 3, 2), same_padding(6, 2, 1)
