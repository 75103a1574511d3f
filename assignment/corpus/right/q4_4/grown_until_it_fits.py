from fractions import Fraction


def same_padding(I, F, S):
    p = Fraction(-S)
    while Fraction(I - F + 2 * p, S) + 1 < I:
        p += Fraction(1, 2)
    return p
