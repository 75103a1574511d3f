# misconception: one-lost
# earns: 0
def same_padding(I, F, S):
    return (S * I - I + F) / 2
