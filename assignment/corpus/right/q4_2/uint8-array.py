output_100_2 = np.full(2, 100 - 2 + 1, dtype=np.uint8)
