# misconception: padding-rounded-down
# earns: 0
def same_padding(I, F, S):
    """The padding on each side that makes the output as large as the input."""
    P = ((I - 1) * S - I + F) // 2
    return P


same_padding(7, 3, 2), same_padding(6, 2, 1)
