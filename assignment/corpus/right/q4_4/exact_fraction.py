from fractions import Fraction


def same_padding(I, F, S):
    total = Fraction(S) * (I - 1) - I + F
    return total / 2
