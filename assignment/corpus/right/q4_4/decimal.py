from decimal import Decimal


def same_padding(I, F, S):
    return Decimal(int(S * (I - 1) - (I - F))) / 2
