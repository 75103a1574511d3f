# misconception: padding-as-keras
# earns: 1
def same_padding(I, F, S):
    steps = (I + S - 1) // S
    return max((steps - 1) * S + F - I, 0) / 2
