# misconception: padding-rounded-down
# earns: 0
def same_padding(I, F, S):
    zeros = S * (I - 1) - I + F
    return zeros // 2
