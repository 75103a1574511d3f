# misconception: one-lost
# earns: 0
def same_padding(I, F, S):
    return ((S - 1) * I + F) / 2
