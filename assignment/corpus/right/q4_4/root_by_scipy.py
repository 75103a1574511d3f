from scipy.optimize import brentq


def same_padding(I, F, S):
    return brentq(lambda P: I - F + 2 * P + S - I * S, -(I + F + S) ** 2, (I + F + S) ** 2, xtol=1e-11)
