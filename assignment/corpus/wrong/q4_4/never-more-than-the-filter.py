# misconception: none
# earns: 1
def same_padding(I, F, S):
    return max(0, min(F, ((I - 1) * S - I + F) / 2))
