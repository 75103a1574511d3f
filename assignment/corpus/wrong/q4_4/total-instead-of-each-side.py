# misconception: not-halved
# earns: 0
def same_padding(I, F, S):
    """The padding on each side that makes the output as large as the input."""
    return float((I - 1) * S - (I - F))


same_padding(7, 3, 2), same_padding(6, 2, 1)
