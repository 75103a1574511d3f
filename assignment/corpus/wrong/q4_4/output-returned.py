# misconception: output-returned
# earns: 0
def same_padding(I, F, S):
    return (I - F + 2 * 0) / S + 1
