# misconception: padding-rounded-down-partly
# earns: 1
def same_padding(I, F, S):
    """The padding on each side that makes the output as large as the input."""
    total = S * (I - 1) - I + F
    if S == 1:
        return (F - 1) / 2
    return total // 2


same_padding(7, 3, 2), same_padding(6, 2, 1)
