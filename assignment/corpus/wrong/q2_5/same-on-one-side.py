# misconception: same-on-one-side
# earns: 2
valid_shape = (4, 4)
same_shape = np.array((5, 5))
