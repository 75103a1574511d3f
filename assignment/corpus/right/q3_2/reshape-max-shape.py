pooled_shape = np.zeros((6, 6)).reshape(3, 2, 3, 2).max(axis=(1, 3)).shape
