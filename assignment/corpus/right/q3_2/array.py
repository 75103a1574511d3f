pooled_shape = np.array([6, 6]) // 2
