# misconception: half-the-filter-rounded
# earns: 0
def same_padding(I, F, S):
    return int(F / 2)
