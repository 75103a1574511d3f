def same_padding(I, F, S):
    return np.linalg.solve(np.array([[2.0]]), np.array([S * (I - 1) - I + F]))[0]
