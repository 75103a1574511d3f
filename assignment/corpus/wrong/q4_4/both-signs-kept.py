# misconception: both-signs-kept
# earns: 0
def same_padding(I, F, S):
    return ((I - 1) * S + (I - F)) / 2
