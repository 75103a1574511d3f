def same_padding(I, F, S):
    return (I * (S - 1) + F - S) / 2
