# misconception: filter-less-one-rounded
# earns: 0
def same_padding(I, F, S):
    return (F - 1) // 2
