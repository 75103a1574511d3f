same_padding = lambda I, F, S: 0.5 * S * (I - 1) - 0.5 * I + F / 2
