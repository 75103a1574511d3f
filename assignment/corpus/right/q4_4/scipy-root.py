from scipy.optimize import brentq


def same_padding(I, F, S):
    """The padding on each side that makes the output as large as the input."""
    return brentq(lambda P: (I - F + 2 * P) - (I - 1) * S, -(I * S + F), I * S + F, xtol=1e-12)


same_padding(7, 3, 2), same_padding(6, 2, 1)
