# misconception: stride-and-filter-halved
# earns: 0
def same_padding(I, F, S):
    return (S + F) / 2
