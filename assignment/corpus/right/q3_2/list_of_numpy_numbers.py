pooled_shape = [np.int32(3), np.int64(3)]
