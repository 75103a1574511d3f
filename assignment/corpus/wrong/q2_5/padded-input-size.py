# misconception: same-gives-the-padded-input
# earns: 2
I, F = 6, 3
P = (F - 1) // 2
valid_shape = (I - F + 1, I - F + 1)
same_shape = (I + 2 * P, I + 2 * P)
