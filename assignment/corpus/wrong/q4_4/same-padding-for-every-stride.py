# misconception: same-padding-for-every-stride
# earns: 1
def same_padding(I, F, S):
    return 0.5 * (F - 1)
