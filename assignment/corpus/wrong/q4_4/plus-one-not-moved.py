# misconception: one-lost
# earns: 0
def same_padding(I, F, S):
    """The padding on each side that makes the output as large as the input."""
    return (I * S - I + F) / 2


same_padding(7, 3, 2), same_padding(6, 2, 1)
