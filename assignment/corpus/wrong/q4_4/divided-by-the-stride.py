# misconception: divided-by-the-stride
# earns: 1
def same_padding(I, F, S):
    return ((I - 1) / S - I + F) / 2
