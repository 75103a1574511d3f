# misconception: filter-with-the-wrong-sign
# earns: 0
def same_padding(I, F, S):
    return (S * (I - 1) - (I + F)) / 2
