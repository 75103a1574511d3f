# misconception: input-lost
# earns: 0
def same_padding(I, F, S):
    return ((I - 1) * S + F) / 2
