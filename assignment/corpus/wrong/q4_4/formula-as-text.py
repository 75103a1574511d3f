# misconception: none
# earns: 0
def same_padding(I, F, S):
    return "P = (S(I-1) - I + F) / 2"
