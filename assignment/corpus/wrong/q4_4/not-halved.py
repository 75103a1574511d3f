# misconception: not-halved
# earns: 0
def same_padding(I, F, S):
    return S * (I - 1) - (I - F)
