# misconception: padding-rounded-down
# earns: 0
def same_padding(I, F, S):
    return int(((I - 1) * S - I + F) / 2)
