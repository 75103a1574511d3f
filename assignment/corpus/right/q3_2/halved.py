pooled_shape = (6 / 2, 6 / 2)
