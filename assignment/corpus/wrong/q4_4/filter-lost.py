# misconception: filter-lost
# earns: 0
def same_padding(I, F, S):
    return (S * (I - 1) - I) / 2
