def same_padding(I, F, S):
    return np.float32((S * (I - 1) - I + F) / 2)
