# misconception: none
# earns: 1
def same_padding(I, F, S):
    """The padding on each side that makes the output as large as the input."""
    for zeros in range(2 * I):
        if (I - F + zeros) / S + 1 == I:
            return zeros / 2


same_padding(7, 3, 2), same_padding(6, 2, 1)
