def same_padding(I, F, S):
    # (I - F + 2 P) / S + 1 is linear in P: two values of it give the line
    at_0, at_1 = (I - F) / S + 1, (I - F + 2) / S + 1
    return (I - at_0) / (at_1 - at_0)
