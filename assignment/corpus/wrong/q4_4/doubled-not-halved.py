# misconception: doubled-not-halved
# earns: 0
def same_padding(I, F, S):
    return 2 * ((I - 1) * S - I + F)
