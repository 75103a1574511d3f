def same_padding(I, F, S):
    """The padding on each side that makes the output as large as the input."""

    def missing(P):
        """How much larger the output is than the input: a straight line in P."""
        return (I - F + 2 * P) / S + 1 - I

    at_0, at_half = missing(0.0), missing(S / 2)  # from one to the other it rises by 1
    return -at_0 / (at_half - at_0) * (S / 2)


same_padding(7, 3, 2), same_padding(6, 2, 1)
