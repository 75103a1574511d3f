# misconception: filter-less-stride
# earns: 2
def same_padding(I, F, S):
    return (F - S) / 2
