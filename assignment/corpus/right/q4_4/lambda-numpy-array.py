same_padding = lambda I, F, S: np.divide(S * I - S - I + F, 2)

same_padding(7, 3, 2), same_padding(6, 2, 1)
