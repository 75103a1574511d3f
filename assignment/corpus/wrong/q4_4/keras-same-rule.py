# misconception: output-divided-by-the-stride
# earns: 1
import math


def same_padding(I, F, S):
    """The padding on each side that makes the output as large as the input."""
    O = math.ceil(I / S)
    return ((O - 1) * S - I + F) / 2


same_padding(7, 3, 2), same_padding(6, 2, 1)
