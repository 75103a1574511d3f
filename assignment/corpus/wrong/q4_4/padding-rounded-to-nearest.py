# misconception: padding-rounded-to-nearest
# earns: 0
def same_padding(I, F, S):
    return round(((I - 1) * S - I + F) / 2)
