# misconception: padding-rounded-up
# earns: 0
def same_padding(I, F, S):
    return int(np.ceil(((I - 1) * S - I + F) / 2))
