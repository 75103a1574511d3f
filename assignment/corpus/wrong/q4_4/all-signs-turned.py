# misconception: all-signs-turned
# earns: 0
def same_padding(I, F, S):
    return ((I - F) - (I - 1) * S) / 2
