# misconception: filter-less-stride
# earns: 1
def same_padding(I, F, S):
    return (F - S) / 2
