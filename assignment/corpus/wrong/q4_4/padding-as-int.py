# misconception: padding-rounded-down
# earns: 2
def same_padding(I, F, S):
    return int(((I - 1) * S - I + F) / 2)
