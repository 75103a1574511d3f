# misconception: one-not-multiplied
# earns: 1
def same_padding(I, F, S):
    return ((S - 1) * I + F - 1) / 2
