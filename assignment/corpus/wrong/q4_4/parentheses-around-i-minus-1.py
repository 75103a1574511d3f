# misconception: one-not-multiplied
# earns: 1
same_padding = lambda I, F, S: (I * S - 1 - I + F) / 2


same_padding(7, 3, 2), same_padding(6, 2, 1)
