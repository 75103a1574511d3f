# misconception: same-padding-for-every-stride
# earns: 1
def same_padding(I, F, S):
    """The padding on each side that makes the output as large as the input."""
    # O = I  =>  I - F + 2P + 1 = I  =>  P = (F - 1) / 2
    return (F - 1) / 2


same_padding(7, 3, 2), same_padding(6, 2, 1)
