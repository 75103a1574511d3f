# misconception: q4-4-f-s-without-sign
# earns: 1
def same_padding(I, F, S):
    return (I * (S - 1) + abs(F - S)) / 2
