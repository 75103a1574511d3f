# misconception: q4-4-s-always-min-s-2
# earns: 1
def same_padding(I, F, S):
    if S == 1:
        return (F - 1) / 2
    return (I - 2 + F) / 2
