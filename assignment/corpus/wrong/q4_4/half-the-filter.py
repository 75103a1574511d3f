# misconception: half-the-filter
# earns: 0
def same_padding(I, F, S):
    return F / 2
