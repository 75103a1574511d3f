# misconception: q4-4-result-divided-by-s
# earns: 1
def same_padding(I, F, S):
    return (S * (I - 1) - I + F) / (2 * S)
