from numpy.polynomial import Polynomial


def same_padding(I, F, S):
    """The padding on each side that makes the output as large as the input."""
    output = Polynomial([I - F, 2]) / S + 1  # as a polynomial in P
    (P,) = (output - I).roots()
    return P


same_padding(7, 3, 2), same_padding(6, 2, 1)
