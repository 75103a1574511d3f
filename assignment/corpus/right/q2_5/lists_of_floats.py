valid_shape, same_shape = [4.0, 4.0], [6.0, 6.0]
