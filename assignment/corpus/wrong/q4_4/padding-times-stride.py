# misconception: padding-times-stride
# earns: 1
def same_padding(I, F, S):
    return (F - 1) / 2 * S
